using AiAssignments.Inference.Runtime;

namespace AiAssignments.Inference.Scoring;

/// <summary>How records are scored. The batch sizes decide which records are computed together, and so the last bits of the numbers.</summary>
public sealed record ScorerOptions
{
    /// <summary>The defaults.</summary>
    public static ScorerOptions Default { get; } = new();

    /// <summary>How ONNX Runtime is run.</summary>
    public RuntimeOptions Runtime { get; init; } = RuntimeOptions.Default;

    /// <summary>
    /// Batches run side by side on a CPU, 0..1,024; the threads of <see cref="RuntimeOptions.IntraOpThreads"/> are shared out among them. 0 (default): one a
    /// thread, which scores a shard fastest, because cores never wait for each other inside a batch. 1: one batch on all threads, which answers a single record soonest.
    /// </summary>
    public int Lanes { get; init; }

    /// <summary>Ids of a batch, padding included; 1..1,048,576. A text longer than this makes a batch of its own. Default 256: on a CPU, what stays in the cache wins.</summary>
    public int TokensPerBatch { get; init; } = 256;

    /// <summary>Rows of a batch of texts at most, 1..4,096. Default 64.</summary>
    public int RowsPerBatch { get; init; } = 64;

    /// <summary>Images of a batch, 1..4,096. Default 16.</summary>
    public int ImagesPerBatch { get; init; } = 16;

    /// <summary>Each prediction has its logits besides its probabilities. Default <c>false</c>.</summary>
    public bool KeepLogits { get; init; }

    /// <summary>Measures batches. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
