namespace AiAssignments.Evaluation.Metrics.Entities;

/// <summary>
/// Counts what tells the schemes apart, so that shards can be judged together. IOBES when <c>E-</c> or <c>S-</c> occurs. Else, an
/// <c>I-</c> that starts an entity breaks IOB2, and a <c>B-</c> that does not follow an entity of its type breaks IOB1: the scheme broken less
/// often is taken, IOB2 when both are equal.
/// </summary>
internal sealed class TagSchemeEvidence
{
    /// <summary>Tags with the prefix <c>E</c> or <c>S</c>.</summary>
    public long EndTags { get; set; }

    /// <summary>Tags that break IOB2.</summary>
    public long AgainstIob2 { get; set; }

    /// <summary>Tags that break IOB1.</summary>
    public long AgainstIob1 { get; set; }

    /// <summary>The scheme.</summary>
    public TagScheme Scheme => EndTags > 0 ? TagScheme.Iobes : AgainstIob2 > AgainstIob1 ? TagScheme.Iob1 : TagScheme.Iob2;

    /// <summary>Looks at a sentence.</summary>
    public void Add(IReadOnlyList<string> tags)
    {
        var previous = Tag.Outside;
        foreach (var text in tags)
        {
            var tag = Tag.ReadDefault(text);
            var follows = previous.Prefix != 'O' && previous.Type == tag.Type;
            EndTags += tag.Prefix is 'E' or 'S' ? 1 : 0;
            AgainstIob2 += tag.Prefix == 'I' && !follows ? 1 : 0;
            AgainstIob1 += tag.Prefix == 'B' && !follows ? 1 : 0;
            previous = tag;
        }
    }

    /// <summary>Adds another's counts.</summary>
    public void Merge(TagSchemeEvidence other)
    {
        EndTags += other.EndTags;
        AgainstIob2 += other.AgainstIob2;
        AgainstIob1 += other.AgainstIob1;
    }
}
