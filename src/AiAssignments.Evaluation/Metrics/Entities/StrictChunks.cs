namespace AiAssignments.Evaluation.Metrics.Entities;

/// <summary>Reads entities as seqeval's strict mode does: a run of tags counts only when it starts, goes on and ends as the scheme says.</summary>
internal static class StrictChunks
{
    /// <summary>Entities of a sentence whose prefixes all belong to the scheme.</summary>
    public static List<Chunk> Read(IReadOnlyList<string> tags, TagScheme scheme)
    {
        var chunks = new List<Chunk>();
        var previous = Tag.Outside;
        var at = 0;
        while (at < tags.Count)
        {
            var first = Tag.ReadStrict(tags[at]);
            if (!Starts(scheme, previous, first))
            {
                previous = first;
                at++;
                continue;
            }

            var end = at + 1;
            var last = first;
            var next = TagAt(tags, end);
            while (end < tags.Count && Continues(scheme, last, next))
            {
                last = next;
                next = TagAt(tags, ++end);
            }

            if (Ends(scheme, last, next))
            {
                chunks.Add(new Chunk(at, end, first.Type));
            }

            previous = last;
            at = end;
        }

        return chunks;
    }

    private static Tag TagAt(IReadOnlyList<string> tags, int index) => index < tags.Count ? Tag.ReadStrict(tags[index]) : Tag.Outside;

    private static bool Starts(TagScheme scheme, Tag previous, Tag tag)
    {
        if (scheme != TagScheme.Iob1)
        {
            return tag.Prefix is 'B' or 'S';
        }

        var sameType = previous.Type == tag.Type;
        return tag.Prefix switch
        {
            'I' => previous.Prefix != 'I' || !sameType,
            'B' => previous.Prefix is 'I' or 'B' && sameType,
            _ => false,
        };
    }

    private static bool Continues(TagScheme scheme, Tag previous, Tag tag) =>
        previous.Prefix is 'B' or 'I' && previous.Type == tag.Type
        && (tag.Prefix == 'I' || (scheme == TagScheme.Iobes && tag.Prefix == 'E'));

    private static bool Ends(TagScheme scheme, Tag last, Tag next)
    {
        if (scheme == TagScheme.Iobes)
        {
            return last.Prefix is 'E' or 'S';
        }

        // A run stops only where it does not continue, so what follows is O, another type, or B; IOB1's B after B must be of its own type.
        return next.Prefix != 'B' || scheme == TagScheme.Iob2 || last.Prefix == 'I' || last.Type == next.Type;
    }
}
