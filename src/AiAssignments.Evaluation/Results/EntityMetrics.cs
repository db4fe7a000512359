namespace AiAssignments.Evaluation.Results;

/// <summary>All figures of a token classification, at the level of entities and of tokens.</summary>
public sealed record EntityMetrics
{
    /// <summary>Scheme of the gold tags: <c>IOB1</c>, <c>IOB2</c>, <c>IOBES</c>.</summary>
    public required string Scheme { get; init; }

    /// <summary>Scheme of the predicted tags: the model's own.</summary>
    public string? PredictedScheme { get; init; }

    /// <summary>Matching: <c>conlleval</c>, <c>seqeval-default</c>, <c>seqeval-strict</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>Sentences scored.</summary>
    public required long Sentences { get; init; }

    /// <summary>Tokens (words) scored.</summary>
    public required long Tokens { get; init; }

    /// <summary>Entities in the gold tags.</summary>
    public required long GoldEntities { get; init; }

    /// <summary>Entities in the predictions.</summary>
    public required long PredictedEntities { get; init; }

    /// <summary>Entities with the same boundaries and type in both.</summary>
    public required long CorrectEntities { get; init; }

    /// <summary>Share of tokens whose tag is right.</summary>
    public required MetricEstimate TokenAccuracy { get; init; }

    /// <summary>Micro, macro and weighted averages over entity types.</summary>
    public required IReadOnlyList<AveragedMetrics> Averages { get; init; }

    /// <summary>One row an entity type.</summary>
    public required IReadOnlyList<ClassMetrics> Types { get; init; }

    /// <summary>Tags in the order of rows and columns of <see cref="TagConfusion"/>.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>Token-level confusion: <c>[true][predicted]</c>.</summary>
    public required IReadOnlyList<IReadOnlyList<long>> TagConfusion { get; init; }
}
