using AiAssignments.Core.Errors;

namespace AiAssignments.Evaluation.Metrics.Entities;

/// <summary>How tags mark the bounds of entities. Tags are <c>O</c> or a prefix, <c>-</c> and a type, for example <c>B-PER</c>.</summary>
public sealed class TagScheme
{
    private readonly string prefixes;

    private TagScheme(string name, string prefixes)
    {
        Name = name;
        this.prefixes = prefixes;
    }

    /// <summary>IOB1 (Ramshaw and Marcus 1995): entities start with <c>I-</c>; <c>B-</c> only where one follows another of its type at once.</summary>
    public static TagScheme Iob1 { get; } = new("IOB1", "IOB");

    /// <summary>IOB2 (Ratnaparkhi 1998): each entity starts with <c>B-</c>.</summary>
    public static TagScheme Iob2 { get; } = new("IOB2", "IOB");

    /// <summary>IOBES: as IOB2, and the last word of an entity has <c>E-</c>, a word that is one alone <c>S-</c>.</summary>
    public static TagScheme Iobes { get; } = new("IOBES", "IOBES");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<TagScheme> All { get; } = [Iob1, Iob2, Iobes];

    /// <summary><c>IOB1</c>, <c>IOB2</c> or <c>IOBES</c>.</summary>
    public string Name { get; }

    /// <summary>The scheme of a name, in any case.</summary>
    /// <param name="name">For example <c>IOB2</c>.</param>
    /// <exception cref="ProblemException"><c>tag-scheme-unknown</c>.</exception>
    public static TagScheme Parse(string name) =>
        All.FirstOrDefault(scheme => scheme.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ProblemException("tag-scheme-unknown", $"The tag scheme '{name}' is not known; it must be IOB1, IOB2 or IOBES.");

    /// <summary>Recognizes the scheme of whole tagged sentences; see <see cref="TagSchemeEvidence"/> for the rule.</summary>
    /// <param name="sentences">Tags of each sentence.</param>
    public static TagScheme Detect(IEnumerable<IReadOnlyList<string>> sentences)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        var evidence = new TagSchemeEvidence();
        foreach (var sentence in sentences)
        {
            evidence.Add(sentence);
        }

        return evidence.Scheme;
    }

    /// <summary>
    /// Recognizes the scheme of a model from its labels alone: IOBES when a prefix is <c>E</c> or <c>S</c>, IOB1 when a type has <c>I-</c> and
    /// no <c>B-</c>, else IOB2.
    /// </summary>
    /// <param name="labels">The model's label names.</param>
    public static TagScheme DetectLabels(IReadOnlyCollection<string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var tags = labels.Select(Tag.ReadDefault).ToList();
        if (tags.Any(tag => tag.Prefix is 'E' or 'S'))
        {
            return Iobes;
        }

        var begins = tags.Where(tag => tag.Prefix == 'B').Select(tag => tag.Type).ToHashSet(StringComparer.Ordinal);
        return tags.Any(tag => tag.Prefix == 'I' && !begins.Contains(tag.Type)) ? Iob1 : Iob2;
    }

    /// <inheritdoc />
    public override string ToString() => Name;

    /// <summary>Whether a prefix belongs to the scheme.</summary>
    internal bool Allows(char prefix) => prefixes.Contains(prefix, StringComparison.Ordinal);
}
