using AiAssignments.Core.Telemetry.Memory;
using AiAssignments.Inference.Serving;

namespace AiAssignments.Pipeline.Predictions;

/// <summary>The answers to one request.</summary>
/// <param name="Model">The version that answered.</param>
/// <param name="Answers">One an input, in order.</param>
/// <param name="Timing">Where the time went; zero for what came from a cache.</param>
/// <param name="Cached">Answers that came from a cache.</param>
public sealed record PredictionResult(ModelKey Model, IReadOnlyList<PredictionAnswer> Answers, ServeTiming Timing, int Cached)
{
    /// <summary>What the call did to the memory of the process, where that was asked for.</summary>
    public MemoryProfile? Memory { get; init; }
}
