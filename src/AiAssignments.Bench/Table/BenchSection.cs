namespace AiAssignments.Bench.Table;

/// <summary>A part of the performance table.</summary>
public enum BenchSection
{
    /// <summary>How long callers wait, under a load that is stated.</summary>
    ResponseTimes,

    /// <summary>How much gets done, and for how many at once.</summary>
    Throughput,

    /// <summary>What the installation's process used meanwhile.</summary>
    Resources,

    /// <summary>How good the registered models are on their datasets.</summary>
    Quality,

    /// <summary>Inference by model and batch size.</summary>
    Models,
}
