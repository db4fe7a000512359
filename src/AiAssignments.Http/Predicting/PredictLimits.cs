namespace AiAssignments.Http.Predicting;

/// <summary>What one predict request may hold.</summary>
public sealed record PredictLimits
{
    /// <summary>Most inputs, 1 or more. Default 1,000.</summary>
    public int Inputs { get; init; } = 1000;

    /// <summary>Most bytes of a body. Default 32 MiB.</summary>
    public long BodyBytes { get; init; } = 32 << 20;

    /// <summary>Most bytes of one encoded image. Default 16 MiB.</summary>
    public int ImageBytes { get; init; } = 16 << 20;

    /// <summary>Most bytes of one text, UTF-8. Default 1 MiB.</summary>
    public int TextBytes { get; init; } = 1 << 20;

    /// <summary>Most labels an answer. Default 10,000.</summary>
    public int TopK { get; init; } = 10_000;
}
