using AiAssignments.Inference.Tokenization.Models;
using AiAssignments.Inference.Tokenization.Text;
using AiAssignments.Inference.Tokenization.Unicode;

namespace AiAssignments.Inference.Tokenization.AddedTokens;

/// <summary>Finds added tokens, leftmost and longest first.</summary>
internal sealed class AddedTokenMatcher
{
    private readonly CodePointTrie trie = new();
    private readonly List<AddedToken> tokens = [];

    // Most texts hold none: a look at the first characters spares the walk.
    private readonly HashSet<int> firstPoints = [];
    private readonly bool[] firstAscii = new bool[0x80];

    public bool IsEmpty => tokens.Count == 0;

    /// <summary>Adds a token by the form in which it appears.</summary>
    public void Add(int[] form, AddedToken token)
    {
        if (form.Length == 0)
        {
            return;
        }

        trie.Add(form, tokens.Count);
        tokens.Add(token);
        firstPoints.Add(form[0]);
        if (form[0] < 0x80)
        {
            firstAscii[form[0]] = true;
        }
    }

    /// <summary>Cuts a text into added tokens and what lies between, without empty pieces.</summary>
    /// <returns>Whether there is any added token; if not, <paramref name="pieces"/> is left as it is.</returns>
    public bool TryCut(ReadOnlySpan<int> text, List<Piece> pieces)
    {
        if (IsEmpty)
        {
            return false;
        }

        var done = 0;
        var found = false;
        for (var i = 0; i < text.Length;)
        {
            var length = MayStart(text[i]) ? trie.Longest(CodePointTrie.Root, text[i..], out var index) : Skip(out index);
            if (index < 0)
            {
                i++;
                continue;
            }

            var token = tokens[index];
            var (start, end) = (i, i + length);
            i = end;
            if (token.SingleWord && (IsWordAt(text, start - 1) || IsWordAt(text, end)))
            {
                continue;
            }

            (start, end) = Strip(text, token, start, end, done);
            Take(pieces, done, start, -1);
            Take(pieces, start, end, token.Id);
            done = end;
            found = true;
        }

        if (found)
        {
            Take(pieces, done, text.Length, -1);
        }

        return found;
    }

    private static int Skip(out int index)
    {
        index = -1;
        return 0;
    }

    private static void Take(List<Piece> pieces, int start, int end, int token)
    {
        if (start < end)
        {
            pieces.Add(new Piece(start, end, token));
        }
    }

    private static bool IsWordAt(ReadOnlySpan<int> text, int at) =>
        (uint)at < (uint)text.Length && (UnicodeTables.Instance[text[at]] & CharacterFlags.Word) != 0;

    private static bool IsSpaceAt(ReadOnlySpan<int> text, int at) =>
        (uint)at < (uint)text.Length && (UnicodeTables.Instance[text[at]] & CharacterFlags.WordSpace) != 0;

    private static (int Start, int End) Strip(ReadOnlySpan<int> text, AddedToken token, int start, int end, int done)
    {
        while (token.LeftStrip && start > done && IsSpaceAt(text, start - 1))
        {
            start--;
        }

        while (token.RightStrip && IsSpaceAt(text, end))
        {
            end++;
        }

        return (start, end);
    }

    private bool MayStart(int point) => (uint)point < 0x80 ? firstAscii[point] : firstPoints.Contains(point);
}
