using AiAssignments.Inference.Tokenization;

namespace AiAssignments.Tests.InferenceTests.Support;

/// <summary>A text is numbers with blanks between; each is its own id, between the special ids 1 and 2 (none when bare). <c>-</c> gives no token.</summary>
internal sealed class NumberTokenizer(int idsPerPosition = 1, int specialsInPair = 2, bool bare = false) : ITokenizer
{
    public int PadId => 0;

    public int IdsPerPosition => idsPerPosition;

    public int SpecialTokens => idsPerPosition == 1 && !bare ? 2 : 0;

    public int SpecialTokensInPair => specialsInPair;

    public void Encode(ReadOnlySpan<char> text, ReadOnlySpan<char> pair, bool hasPair, int maxLength, Encoding encoding)
    {
        encoding.Clear();
        if (!bare)
        {
            encoding.Add(1, 0, -1, 0, 0);
        }

        foreach (var word in text.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (encoding.Count == maxLength - 1)
            {
                encoding.Truncated = true;
                break;
            }

            encoding.Add(int.Parse(word, System.Globalization.CultureInfo.InvariantCulture), 0, 0, 0, 0);
        }

        if (!bare)
        {
            encoding.Add(2, 0, -1, 0, 0);
        }
    }

    public void EncodeWords(IReadOnlyList<string> words, Encoding encoding)
    {
        encoding.Clear();
        if (SpecialTokens > 0)
        {
            encoding.Add(1, 0, -1, 0, 0);
        }

        for (var word = 0; word < words.Count; word++)
        {
            foreach (var id in words[word].Split(',').Where(id => id != "-"))
            {
                encoding.Add(int.Parse(id, System.Globalization.CultureInfo.InvariantCulture), 0, word, 0, 0);
            }
        }

        if (SpecialTokens > 0)
        {
            encoding.Add(2, 0, -1, 0, 0);
        }
    }
}
