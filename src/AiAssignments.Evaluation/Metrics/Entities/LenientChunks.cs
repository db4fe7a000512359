namespace AiAssignments.Evaluation.Metrics.Entities;

/// <summary>
/// Reads entities by looking at each pair of neighbouring tags: does one end between them, does one start? Broken sequences are repaired on
/// the way: an <c>I-</c> or <c>E-</c> that continues nothing starts an entity.
/// </summary>
internal static class LenientChunks
{
    /// <summary>As conlleval does; for IOB1 and IOB2 as the Perl script, for IOBES as its extension in Python.</summary>
    public static List<Chunk> Conlleval(IReadOnlyList<string> tags) => Read(tags, Tag.ReadConlleval, ConllevalBreaks);

    /// <summary>As seqeval's default mode does.</summary>
    public static List<Chunk> Seqeval(IReadOnlyList<string> tags) => Read(tags, Tag.ReadDefault, SeqevalBreaks);

    private static List<Chunk> Read(IReadOnlyList<string> tags, Func<string, Tag> split, Func<Tag, Tag, (bool Ends, bool Starts)> breaks)
    {
        var chunks = new List<Chunk>();
        var previous = Tag.Outside;
        var start = 0;
        for (var i = 0; i <= tags.Count; i++)
        {
            var tag = i < tags.Count ? split(tags[i]) : Tag.Outside;
            var (ends, starts) = breaks(previous, tag);
            if (ends)
            {
                chunks.Add(new Chunk(start, i, previous.Type));
            }

            start = starts ? i : start;
            previous = tag;
        }

        return chunks;
    }

    private static (bool Ends, bool Starts) ConllevalBreaks(Tag previous, Tag tag)
    {
        var inside = previous.Prefix != 'O';
        var enters = tag.Prefix != 'O';
        var parts = previous.Type != tag.Type || tag.Prefix is 'B' or 'S' || previous.Prefix is 'E' or 'S';
        return (inside && (!enters || parts), enters && (!inside || parts));
    }

    // A prefix that is none of the schemes' is held together by its type alone, and '.' never starts or ends by its type.
    private static (bool Ends, bool Starts) SeqevalBreaks(Tag previous, Tag tag)
    {
        var otherType = previous.Type != tag.Type;
        var ends = previous.Prefix is 'E' or 'S'
            || (previous.Prefix is 'B' or 'I' && tag.Prefix is 'B' or 'S' or 'O')
            || (previous.Prefix is not ('O' or '.') && otherType);
        var starts = tag.Prefix is 'B' or 'S'
            || (previous.Prefix is 'E' or 'S' or 'O' && tag.Prefix is 'E' or 'I')
            || (tag.Prefix is not ('O' or '.') && otherType);
        return (ends, starts);
    }
}
