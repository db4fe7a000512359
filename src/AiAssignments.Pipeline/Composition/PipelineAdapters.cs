using AiAssignments.Core.Jobs;
using AiAssignments.Core.Storage;
using AiAssignments.Core.Workflows;
using AiAssignments.Pipeline.Drops;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Workflows;

namespace AiAssignments.Pipeline.Composition;

/// <summary>What the place that a pipeline runs in gives it: stores, an engine, servers. None of it is owned but the engine, and what <see cref="InferenceServers"/> says.</summary>
public sealed record PipelineAdapters
{
    /// <summary>The blobs.</summary>
    public required IBlobStore Blobs { get; init; }

    /// <summary>The documents, without caches and measurements.</summary>
    public required IDocumentStore Documents { get; init; }

    /// <summary>Told how far steps are.</summary>
    public required IProgressPublisher Progress { get; init; }

    /// <summary>A folder of this machine, of this process alone, for files of the moment: models that were fetched, passes under way. Made when first used.</summary>
    public required string TemporaryFolder { get; init; }

    /// <summary>Most shards of one evaluation that are scored at once; 1 or more.</summary>
    public required int Width { get; init; }

    /// <summary>Makes the engine from what it is to run and the pipeline's documents. The registry is filled after that, as its steps work with what needs the engine: nothing may run yet. Disposed with the pipeline, where it can be.</summary>
    public required Func<WorkflowRegistry, IDocumentStore, IWorkflowClient> Workflows { get; init; }

    /// <summary>Inference servers beside this process. Default: none, and it runs all models.</summary>
    public InferenceServers? Inference { get; init; }

    /// <summary>Makes the containers of drops, where events tell of them, from what takes datasets in and the models. Default: none.</summary>
    public Func<DatasetDrop, ModelRegistry, IDropIntake>? Intake { get; init; }
}
