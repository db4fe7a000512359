using AiAssignments.Inference.Tokenization.Text;

namespace AiAssignments.Inference.Tokenization.Models;

/// <summary>WordPiece: the longest token of the vocabulary first, again and again (Schuster and Nakajima, 2012; BERT).</summary>
internal sealed class WordPieceModel : ISubwordModel
{
    private readonly Vocabulary vocabulary;
    private readonly CodePointTrie trie = new();
    private readonly int continued;
    private readonly int unknown;
    private readonly int longestWord;

    /// <summary>Makes the model.</summary>
    /// <param name="tokens">The vocabulary.</param>
    /// <param name="unknown">Id of what stands for a word that cannot be cut.</param>
    /// <param name="continuingPrefix">Starts tokens that are not at a word's start, usually <c>##</c>.</param>
    /// <param name="longestWord">Longer words, in code points, are unknown as a whole.</param>
    public WordPieceModel(IReadOnlyDictionary<string, int> tokens, int unknown, string continuingPrefix, int longestWord)
    {
        vocabulary = new Vocabulary(tokens);
        this.unknown = unknown;
        this.longestWord = longestWord;
        foreach (var (token, id) in tokens)
        {
            trie.Add(ScalarText.Of(token), id);
        }

        continued = trie.Walk(CodePointTrie.Root, ScalarText.Of(continuingPrefix));
    }

    public int Count => vocabulary.Tokens.Count;

    public IEnumerable<KeyValuePair<string, int>> Entries => vocabulary.Tokens;

    public int IdOf(string token) => vocabulary.Tokens.GetValueOrDefault(token, -1);

    /// <summary>Id of a word that is a token as a whole, or -1.</summary>
    public int Find(ReadOnlySpan<int> word) => word.Length > longestWord ? -1 : vocabulary.Find(word, WordHash.Of(word));

    public ReadOnlySpan<SubToken> Segment(ReadOnlySpan<int> word, ModelScratch scratch)
    {
        if (word.Length > longestWord)
        {
            return Single(unknown, word.Length, scratch);
        }

        var hash = WordHash.Of(word);
        var whole = vocabulary.Find(word, hash);
        if (whole >= 0)
        {
            return Single(whole, word.Length, scratch);
        }

        if (word.Length > WordCache.LongestWord)
        {
            return Cut(word, scratch);
        }

        if (!scratch.Cache.TryGet(word, hash, out var cut))
        {
            cut = Cut(word, scratch);
            scratch.Cache.Add(word, hash, cut);
        }

        return cut;
    }

    private static ReadOnlySpan<SubToken> Single(int id, int length, ModelScratch scratch)
    {
        scratch.Tokens[0] = new SubToken(id, length);
        return scratch.Tokens.AsSpan(0, 1);
    }

    private ReadOnlySpan<SubToken> Cut(ReadOnlySpan<int> word, ModelScratch scratch)
    {
        var count = 0;
        for (var start = 0; start < word.Length;)
        {
            var id = -1;
            var node = start == 0 ? CodePointTrie.Root : continued;
            var length = node < 0 ? 0 : trie.Longest(node, word[start..], out id);
            if (id < 0)
            {
                return Single(unknown, word.Length, scratch);
            }

            if (count == scratch.Tokens.Length)
            {
                Array.Resize(ref scratch.Tokens, count * 2);
            }

            scratch.Tokens[count++] = new SubToken(id, length);
            start += length;
        }

        return scratch.Tokens.AsSpan(0, count);
    }
}
