using AiAssignments.Evaluation.Datasets.Staging;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Caching;

namespace AiAssignments.Pipeline.Composition;

/// <summary>How a pipeline runs, wherever it does.</summary>
public abstract record PipelineOptions
{
    /// <summary>How models are run in evaluations.</summary>
    public ScorerOptions Scoring { get; init; } = new();

    /// <summary>How models are served; the clock is <see cref="Time"/>.</summary>
    public ModelServerOptions Serving { get; init; } = ModelServerOptions.Default;

    /// <summary>Against archives that grow without end.</summary>
    public StagingLimits StagingLimits { get; init; } = new();

    /// <summary>Whether the memory of every workflow activity is measured: for reports, figures and traces. Slow: two full collections an activity. Default <c>false</c>; an evaluation may ask for itself.</summary>
    public bool ProfileMemory { get; init; }

    /// <summary>Lifetimes and sizes of the caches.</summary>
    public CacheOptions Caches { get; init; } = new();

    /// <summary>A second level of the caches; outlives the runtime. Default: none.</summary>
    public ISharedCache? SharedCache { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long a model runs before it is the other's turn when an optimization measures speed; for tests that do not look at it. Default: the activity's own.</summary>
    internal TimeSpan? MeasuringTurn { get; init; }
}
