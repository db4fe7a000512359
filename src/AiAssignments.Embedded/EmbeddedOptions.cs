using AiAssignments.Core.Jobs;
using AiAssignments.Embedded.Workflows;
using AiAssignments.Evaluation.Datasets.Staging;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Caching;
using AiAssignments.Pipeline.Remote;

namespace AiAssignments.Embedded;

/// <summary>How the embedded pipeline runs.</summary>
public sealed record EmbeddedOptions
{
    /// <summary>The data folder; made when missing. One process at a time.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Where blobs lie instead of the data folder; outlives the runtime. Default: the data folder.</summary>
    public OutsideBlobs? Blobs { get; init; }

    /// <summary>Told progress, and each evaluation's end once it is in the journal. Default: nobody.</summary>
    public IProgressPublisher? Progress { get; init; }

    /// <summary>How models are run in evaluations.</summary>
    public ScorerOptions Scoring { get; init; } = new();

    /// <summary>How models are served; the clock is <see cref="Time"/>.</summary>
    public ModelServerOptions Serving { get; init; } = ModelServerOptions.Default;

    /// <summary>Inference servers that answer predictions of the models they have; <c>null</c>, the default: this process answers all.</summary>
    public RemoteOptions? InferenceServers { get; init; }

    /// <summary>Against archives that grow without end.</summary>
    public StagingLimits StagingLimits { get; init; } = new();

    /// <summary>Most shards of one evaluation under way at once; 1..64. Default: 2, so that one is read and tokenized while another is scored.</summary>
    public int Width { get; init; } = 2;

    /// <summary>Whether the memory of every workflow activity is measured: for reports, figures and traces. Slower. Default <c>false</c>; an evaluation may ask for itself.</summary>
    public bool ProfileMemory { get; init; }

    /// <summary>Lifetimes and sizes of the caches.</summary>
    public CacheOptions Caches { get; init; } = new();

    /// <summary>A second level of the caches; outlives the runtime. Default: none.</summary>
    public ISharedCache? SharedCache { get; init; }

    /// <summary>Told of each journal commit; for crash tests. Default: none.</summary>
    public IJournalObserver? JournalObserver { get; init; }

    /// <summary>Makes a blob's unfinished file; for crash tests. Default: a plain file.</summary>
    internal Func<string, Stream>? CreateTemporary { get; init; }

    /// <summary>How long a model runs before it is the other's turn when an optimization measures speed; for tests that do not look at it. Default: the activity's own.</summary>
    internal TimeSpan? MeasuringTurn { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
