namespace AiAssignments.Evaluation.Datasets.Conll;

/// <summary>
/// Recognizes the tagging scheme from how chunks begin: in IOB2 every chunk begins with B (Ratnaparkhi 1998; Tjong Kim Sang and Veenstra
/// 1999), in IOB1 only one that follows another of its type, in IOBES chunks end in E and single words are S.
/// </summary>
internal sealed class SchemeVote
{
    private string previous = "O";
    private long endings;
    private long insideStarts;
    private long freeBegins;

    /// <summary>Whether chunk starts contradict each other: some as in IOB1, some as in IOB2.</summary>
    public bool Mixed => endings == 0 && insideStarts > 0 && freeBegins > 0;

    /// <summary>Chunk starts that are illegal in <see cref="Scheme"/>.</summary>
    public long Illegal => Mixed ? Math.Min(insideStarts, freeBegins) : 0;

    /// <summary><c>IOB1</c>, <c>IOB2</c> or <c>IOBES</c>. Without any chunk, and where both IOB schemes explain the tags: <c>IOB2</c>.</summary>
    public string Scheme => endings > 0 ? "IOBES" : insideStarts > freeBegins ? "IOB1" : "IOB2";

    /// <summary>A sentence ends.</summary>
    public void EndSentence() => previous = "O";

    /// <summary>The next tag of the sentence; well formed.</summary>
    public void Add(string tag)
    {
        var sameType = previous.Length > 2 && tag.Length > 2 && previous.AsSpan(2).SequenceEqual(tag.AsSpan(2));
        switch (tag[0])
        {
            case 'E' or 'S':
                endings++;
                break;
            case 'I' when !sameType:
                insideStarts++;
                break;
            case 'B' when !sameType:
                freeBegins++;
                break;
        }

        previous = tag;
    }
}
