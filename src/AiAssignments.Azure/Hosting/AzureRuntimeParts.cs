using AiAssignments.Azure.Durable;
using AiAssignments.Core.Jobs;
using AiAssignments.Core.Storage;
using AiAssignments.Evaluation.Datasets.Staging;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Caching;
using AiAssignments.Pipeline.Drops;

namespace AiAssignments.Azure.Hosting;

/// <summary>What an <see cref="AzureRuntime"/> is made of; none of it is owned.</summary>
public sealed record AzureRuntimeParts
{
    /// <summary>The blobs.</summary>
    public required IBlobStore Blobs { get; init; }

    /// <summary>The documents.</summary>
    public required IDocumentStore Documents { get; init; }

    /// <summary>The task hub.</summary>
    public required IDurableClient Hub { get; init; }

    /// <summary>A folder of this machine for files of the moment: models that were fetched, passes under way.</summary>
    public required string TemporaryFolder { get; init; }

    /// <summary>Told progress.</summary>
    public required IProgressPublisher Progress { get; init; }

    /// <summary>The containers of drops, made with the runtime that they start evaluations in. Default: none.</summary>
    public Func<AzureRuntime, IDropIntake>? Drops { get; init; }

    /// <summary>A second level of the caches. Default: none.</summary>
    public ISharedCache? SharedCache { get; init; }

    /// <summary>Which models are scored on inference servers. Default: none.</summary>
    public InferenceSettings? Inference { get; init; }

    /// <summary>Where the inference servers have their models from. Default: none, and all models are scored here.</summary>
    public IBlobStore? Serving { get; init; }

    /// <summary>The transport to them; owned by the runtime. Default: the usual one.</summary>
    public HttpMessageHandler? InferenceTransport { get; init; }

    /// <summary>Whether the memory of every workflow activity is measured. Slow: two full collections an activity.</summary>
    public bool ProfileMemory { get; init; }

    /// <summary>Most shards of one evaluation that are scored at once.</summary>
    public int FanOutWidth { get; init; } = 32;

    /// <summary>How models are run in evaluations.</summary>
    public ScorerOptions Scoring { get; init; } = new();

    /// <summary>How models are served; the clock is <see cref="Time"/>.</summary>
    public ModelServerOptions ServerOptions { get; init; } = ModelServerOptions.Default;

    /// <summary>Against archives that grow without end.</summary>
    public StagingLimits StagingLimits { get; init; } = new();

    /// <summary>Lifetimes and sizes of the caches.</summary>
    public CacheOptions Caches { get; init; } = new();

    /// <summary>How long a model runs before it is the other's turn when an optimization measures speed; for tests. Default: the activity's own.</summary>
    internal TimeSpan? MeasuringTurn { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
