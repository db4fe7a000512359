using AiAssignments.Core.Errors;

namespace AiAssignments.Evaluation.Metrics.Entities;

/// <summary>How entities are read from tags.</summary>
public sealed class EntityMode
{
    private readonly Func<IReadOnlyList<string>, TagScheme, List<Chunk>> read;

    private EntityMode(string name, bool readsScheme, Func<IReadOnlyList<string>, TagScheme, List<Chunk>> read)
    {
        Name = name;
        ReadsScheme = readsScheme;
        this.read = read;
    }

    /// <summary>
    /// As the script of the CoNLL shared tasks (Tjong Kim Sang 2000, 2004): one rule for all schemes, and an <c>I-</c> after <c>O</c> or
    /// after another type starts an entity.
    /// </summary>
    public static EntityMode Conlleval { get; } = new("conlleval", false, (tags, _) => LenientChunks.Conlleval(tags));

    /// <summary>As seqeval's default mode, which follows conlleval and differs for tags that are no tags of the schemes.</summary>
    public static EntityMode SeqevalDefault { get; } = new("seqeval-default", false, (tags, _) => LenientChunks.Seqeval(tags));

    /// <summary>As seqeval's strict mode: what breaks the scheme is no entity.</summary>
    public static EntityMode SeqevalStrict { get; } = new("seqeval-strict", true, StrictChunks.Read);

    /// <summary><c>conlleval</c>, <c>seqeval-default</c> or <c>seqeval-strict</c>.</summary>
    public string Name { get; }

    /// <summary>Whether the same tags give other entities in another scheme.</summary>
    public bool ReadsScheme { get; }

    /// <summary>The mode of a name.</summary>
    /// <param name="name">For example <c>conlleval</c>.</param>
    /// <exception cref="ProblemException"><c>entity-mode-unknown</c>.</exception>
    public static EntityMode Parse(string name) =>
        new[] { Conlleval, SeqevalDefault, SeqevalStrict }.FirstOrDefault(mode => mode.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ProblemException("entity-mode-unknown", $"The entity mode '{name}' is not known; it must be conlleval, seqeval-default or seqeval-strict.");

    /// <summary>Entities of a sentence, in order.</summary>
    /// <param name="tags">One tag a word.</param>
    /// <param name="scheme">Scheme of the tags; looked at in strict mode alone.</param>
    public IReadOnlyList<Chunk> Read(IReadOnlyList<string> tags, TagScheme scheme)
    {
        ArgumentNullException.ThrowIfNull(tags);
        ArgumentNullException.ThrowIfNull(scheme);
        return read(tags, scheme);
    }

    /// <inheritdoc />
    public override string ToString() => Name;
}
