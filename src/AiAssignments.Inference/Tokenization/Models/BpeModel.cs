namespace AiAssignments.Inference.Tokenization.Models;

/// <summary>
/// Byte-pair encoding (Sennrich et al., 2016): the best-ranked merge first, leftmost among equals, found with a heap, so that a long word takes
/// O(n log n).
/// </summary>
internal sealed class BpeModel : ISubwordModel
{
    private readonly Vocabulary vocabulary;
    private readonly MergeTable merges;
    private readonly BpeOptions options;
    private readonly int[] alphabet = new int[0x180];

    /// <summary>Makes the model.</summary>
    /// <param name="tokens">The vocabulary.</param>
    /// <param name="merges">Ids of the two parts and of the whole, best first.</param>
    /// <param name="options">How what is unknown is treated.</param>
    public BpeModel(IReadOnlyDictionary<string, int> tokens, IReadOnlyList<(int Left, int Right, int Merged)> merges, BpeOptions options)
    {
        vocabulary = new Vocabulary(tokens);
        this.merges = new MergeTable(merges);
        this.options = options;
        for (var c = 0; c < alphabet.Length; c++)
        {
            alphabet[c] = tokens.GetValueOrDefault(((char)c).ToString(), -1);
        }
    }

    public int Count => vocabulary.Tokens.Count;

    public IEnumerable<KeyValuePair<string, int>> Entries => vocabulary.Tokens;

    public int IdOf(string token) => vocabulary.Tokens.GetValueOrDefault(token, -1);

    public ReadOnlySpan<SubToken> Segment(ReadOnlySpan<int> word, ModelScratch scratch)
    {
        if (word.Length > WordCache.LongestWord)
        {
            return Whole(word, WordHash.Of(word), scratch) ? scratch.Tokens.AsSpan(0, 1) : Merge(word, scratch);
        }

        var hash = WordHash.Of(word);
        if (!scratch.Cache.TryGet(word, hash, out var cut))
        {
            cut = Whole(word, hash, scratch) ? scratch.Tokens.AsSpan(0, 1) : Merge(word, scratch);
            scratch.Cache.Add(word, hash, cut);
        }

        return cut;
    }

    private bool Whole(ReadOnlySpan<int> word, uint hash, ModelScratch scratch)
    {
        var id = options.IgnoreMerges ? vocabulary.Find(word, hash) : -1;
        scratch.Tokens[0] = new SubToken(id, word.Length);
        return id >= 0;
    }

    private ReadOnlySpan<SubToken> Merge(ReadOnlySpan<int> word, ModelScratch scratch)
    {
        var symbols = scratch.Symbols;
        var queue = scratch.Queue;
        FillSymbols(word, symbols);
        queue.Clear();
        for (var i = 0; i + 1 < symbols.Count; i++)
        {
            Offer(symbols, queue, i);
        }

        while (queue.Count > 0)
        {
            var (rank, position) = queue.Pop();
            ref var symbol = ref symbols[position];

            // The entry may have been overtaken by another merge; like the reference, it still counts if it gives the same token.
            if (symbol.Length == 0 || symbol.Next < 0 || merges.RankOf(symbol.Id, symbols[symbol.Next].Id) is not (>= 0 and var now)
                || merges.MergedId(now) != merges.MergedId(rank))
            {
                continue;
            }

            symbols.Merge(position, merges.MergedId(rank));
            if (symbol.Previous >= 0)
            {
                Offer(symbols, queue, symbol.Previous);
            }

            Offer(symbols, queue, position);
        }

        return Collect(symbols, scratch);
    }

    private void Offer(MergeSymbols symbols, MergeQueue queue, int position)
    {
        ref var symbol = ref symbols[position];
        if (symbol.Next >= 0 && merges.RankOf(symbol.Id, symbols[symbol.Next].Id) is >= 0 and var rank)
        {
            queue.Push(rank, position);
        }
    }

    private void FillSymbols(ReadOnlySpan<int> word, MergeSymbols symbols)
    {
        symbols.Clear();
        var unknownLength = 0;
        for (var i = 0; i < word.Length; i++)
        {
            var id = (uint)word[i] < (uint)alphabet.Length ? alphabet[word[i]] : vocabulary.Find(word.Slice(i, 1), WordHash.Of(word.Slice(i, 1)));
            if (id < 0)
            {
                if (unknownLength > 0 && !options.FuseUnknown)
                {
                    symbols.Add(options.Unknown, unknownLength);
                    unknownLength = 0;
                }

                // Without an unknown token a strange character is left out, as the reference does.
                unknownLength += options.Unknown >= 0 ? 1 : 0;
                continue;
            }

            if (unknownLength > 0)
            {
                symbols.Add(options.Unknown, unknownLength);
                unknownLength = 0;
            }

            symbols.Add(id, 1);
        }

        if (unknownLength > 0)
        {
            symbols.Add(options.Unknown, unknownLength);
        }
    }

    private static ReadOnlySpan<SubToken> Collect(MergeSymbols symbols, ModelScratch scratch)
    {
        if (scratch.Tokens.Length < symbols.Count)
        {
            scratch.Tokens = new SubToken[symbols.Count * 2];
        }

        var count = 0;
        for (var i = 0; i >= 0 && i < symbols.Count; i = symbols[i].Next)
        {
            scratch.Tokens[count++] = new SubToken(symbols[i].Id, symbols[i].Length);
        }

        return scratch.Tokens.AsSpan(0, count);
    }
}
