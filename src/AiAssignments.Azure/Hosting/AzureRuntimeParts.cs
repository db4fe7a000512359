using AiAssignments.Azure.Durable;
using AiAssignments.Core.Jobs;
using AiAssignments.Core.Storage;
using AiAssignments.Pipeline.Composition;
using AiAssignments.Pipeline.Drops;
using AiAssignments.Pipeline.Models;

namespace AiAssignments.Azure.Hosting;

/// <summary>What an <see cref="AzureRuntime"/> is made of; none of it is owned but <see cref="InferenceTransport"/>.</summary>
public sealed record AzureRuntimeParts : PipelineOptions
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

    /// <summary>Makes the containers of drops, from what takes datasets in and the models. Default: none.</summary>
    public Func<DatasetDrop, ModelRegistry, IDropIntake>? Drops { get; init; }

    /// <summary>Which models are scored on inference servers. Default: none.</summary>
    public InferenceSettings? Inference { get; init; }

    /// <summary>Where the inference servers have their models from. Default: none, and all models are scored here.</summary>
    public IBlobStore? Shelf { get; init; }

    /// <summary>The transport to them; owned by the runtime. Default: the usual one.</summary>
    public HttpMessageHandler? InferenceTransport { get; init; }

    /// <summary>Most shards of one evaluation that are scored at once.</summary>
    public int FanOutWidth { get; init; } = 32;

    /// <summary>How long jobs that have no result are kept after their end (<see cref="DurableWorkflowClient.Kept"/>). Default: 30 days.</summary>
    public TimeSpan JobsKept { get; init; } = TimeSpan.FromDays(30);
}
