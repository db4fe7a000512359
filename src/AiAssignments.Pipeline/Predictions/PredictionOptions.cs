namespace AiAssignments.Pipeline.Predictions;

/// <summary>What is wanted of each input.</summary>
public sealed record PredictionOptions
{
    /// <summary>The defaults.</summary>
    public static PredictionOptions Default { get; } = new();

    /// <summary>Labels an answer, 1 or more; the model's label count bounds it. Default 5.</summary>
    public int TopK { get; init; } = 5;

    /// <summary>Whether the answers carry all logits beside the probabilities. Default <c>false</c>.</summary>
    public bool Logits { get; init; }

    /// <summary>Whether the model is asked even where a cache has the answer. Default <c>false</c>.</summary>
    public bool Fresh { get; init; }

    /// <summary>Longest time until inference begins; <c>null</c>: the server's own limit.</summary>
    public TimeSpan? Timeout { get; init; }
}
