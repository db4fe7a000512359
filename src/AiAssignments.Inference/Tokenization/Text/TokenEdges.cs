using AiAssignments.Inference.Tokenization.Models;
using AiAssignments.Inference.Tokenization.PreTokenizers;
using AiAssignments.Inference.Tokenization.Unicode;

namespace AiAssignments.Inference.Tokenization.Text;

/// <summary>How much white space the tokens of a vocabulary start and end with, to leave it out of offsets.</summary>
internal sealed class TokenEdges
{
    private readonly Dictionary<int, (int Leading, int Trailing)> edges = [];

    public TokenEdges(ISubwordModel model)
    {
        foreach (var (token, id) in model.Entries)
        {
            var edge = Of(ScalarText.Of(token));
            if (edge != (0, 0))
            {
                edges[id] = edge;
            }
            else
            {
                edges.Remove(id);
            }
        }
    }

    /// <summary>The white space at the ends of a token's text.</summary>
    public static (int Leading, int Trailing) Of(ReadOnlySpan<int> token)
    {
        var leading = 0;
        var trailing = 0;
        while (leading < token.Length && IsSpace(token[leading]))
        {
            leading++;
        }

        while (trailing < token.Length && IsSpace(token[token.Length - 1 - trailing]))
        {
            trailing++;
        }

        return (leading, trailing);
    }

    /// <summary>Trims the offsets of a run of tokens, the first of which starts the text.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="from">Index of the first.</param>
    /// <param name="to">Index past the last.</param>
    /// <param name="addPrefixSpace">Whether a single space at the start was put there and is not in the text.</param>
    public void Trim(TokenBuffer tokens, int from, int to, bool addPrefixSpace)
    {
        var ids = tokens.Ids;
        var starts = tokens.Starts;
        var ends = tokens.Ends;
        for (var i = from; i < to; i++)
        {
            if (!tokens.Stripped.TryGetValue(i, out var edge) && !edges.TryGetValue(ids[i], out edge))
            {
                continue;
            }

            var (leading, trailing) = edge;
            if (leading == 1 && addPrefixSpace && (i == from || starts[i] == 0))
            {
                leading = 0;
            }

            starts[i] = Math.Min(starts[i] + leading, ends[i]);
            if (trailing > 0 && ends[i] >= trailing)
            {
                ends[i] = Math.Max(ends[i] - trailing, starts[i]);
            }
        }
    }

    private static bool IsSpace(int point) =>
        point == ByteLevelAlphabet.Space || (UnicodeTables.Instance[point] & CharacterFlags.WhiteSpace) != 0;
}
