namespace AiAssignments.Evaluation.Results;

/// <summary>What an optimization gained and lost: the new version (B) against the old one (A) on the gate dataset, and what each costs.</summary>
public sealed record OptimizationResult
{
    /// <summary>Its id.</summary>
    public required string OptimizationId { get; init; }

    /// <summary>The pass and its options, for example <c>quantize:dynamic-int8</c>.</summary>
    public required string Pass { get; init; }

    /// <summary>Whether the gate let the new version through.</summary>
    public required bool Accepted { get; init; }

    /// <summary>One sentence that says why.</summary>
    public required string Verdict { get; init; }

    /// <summary>Largest loss of the headline metric that was allowed, 0..1.</summary>
    public required double MaxAccuracyDrop { get; init; }

    /// <summary>Both versions on the gate dataset, with paired tests.</summary>
    public required ComparisonResult Comparison { get; init; }

    /// <summary>What the old version costs.</summary>
    public required ModelCost Before { get; init; }

    /// <summary>What the new version costs.</summary>
    public required ModelCost After { get; init; }

    /// <summary>What the pass did, in numbers.</summary>
    public required IReadOnlyList<OptimizationFact> Facts { get; init; }

    /// <summary>What the pass did, in sentences.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The versions tried, in order; the last one is B.</summary>
    public required IReadOnlyList<OptimizationAttempt> Attempts { get; init; }

    /// <summary>For a trained version: how it learned.</summary>
    public IReadOnlyList<LearningPoint>? Learning { get; init; }
}

/// <summary>A number that a pass reports.</summary>
/// <param name="Name">In kebab-case, for example <c>weights-quantized</c>.</param>
/// <param name="Value">The number, or a word.</param>
/// <param name="Unit">Its unit; empty when it has none.</param>
public sealed record OptimizationFact(string Name, string Value, string Unit);

/// <summary>One version that was tried.</summary>
/// <param name="Candidate">As <c>name@version</c>.</param>
/// <param name="LeftAlone">Nodes that were left in float because of their sensitivity.</param>
/// <param name="Difference">Headline metric minus the old version's, with its paired interval.</param>
/// <param name="Accepted">Whether the gate let it through.</param>
public sealed record OptimizationAttempt(string Candidate, IReadOnlyList<string> LeftAlone, MetricEstimate Difference, bool Accepted);

/// <summary>What a model version costs, measured on the machine of the report.</summary>
/// <param name="SizeBytes">Bytes of the graph and its external data.</param>
/// <param name="CompressedBytes">The same through gzip: what zeros save.</param>
/// <param name="Parameters">Number of weights.</param>
/// <param name="MemoryBytes">Resident memory that the process gained by loading and running it; <c>null</c> when it could not be told.</param>
/// <param name="Batches">Speed by batch size.</param>
public sealed record ModelCost(long SizeBytes, long CompressedBytes, long Parameters, long? MemoryBytes, IReadOnlyList<BatchCost> Batches);

/// <summary>Speed at one batch size, tokenization or decoding included.</summary>
/// <param name="Batch">Records a batch.</param>
/// <param name="P50Milliseconds">Median time of a batch.</param>
/// <param name="P99Milliseconds">99th percentile.</param>
/// <param name="RecordsPerSecond">Records over the time of all runs.</param>
/// <param name="Runs">Batches measured.</param>
public sealed record BatchCost(int Batch, double P50Milliseconds, double P99Milliseconds, double RecordsPerSecond, int Runs);

/// <summary>One point of a learning curve.</summary>
/// <param name="Seed">The run it belongs to.</param>
/// <param name="Epoch">From 1.</param>
/// <param name="TrainingLoss">Mean loss over the epoch.</param>
/// <param name="ValidationAccuracy">Accuracy on the validation split, 0..1; <c>null</c> when it was not measured.</param>
public sealed record LearningPoint(int Seed, int Epoch, double TrainingLoss, double? ValidationAccuracy);
