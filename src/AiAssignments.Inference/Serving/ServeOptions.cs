namespace AiAssignments.Inference.Serving;

/// <summary>What a caller says of one request.</summary>
public sealed record ServeOptions
{
    /// <summary>The defaults.</summary>
    public static ServeOptions Default { get; } = new();

    /// <summary>Longest time until inference begins; a request that waited longer leaves the queue with <c>deadline-exceeded</c>. <c>null</c>: the server's own limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether logits are wanted beside the probabilities.</summary>
    public bool Logits { get; init; }
}
