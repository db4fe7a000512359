using AiAssignments.Azure.Durable;
using AiAssignments.Core.Telemetry.Memory;
using AiAssignments.Pipeline.Composition;
using AiAssignments.Pipeline.Jobs;

namespace AiAssignments.Azure.Hosting;

/// <summary>The pipeline in one of many processes that share stores and a task hub. Opening it asks nothing of anyone: it must be quick, and no model is loaded before it is used.</summary>
public sealed class AzureRuntime : PipelineRuntime
{
    /// <summary>Puts it together.</summary>
    /// <param name="parts">What it is made of.</param>
    /// <exception cref="Core.Errors.ProblemException"><c>option-invalid</c>.</exception>
    public AzureRuntime(AzureRuntimeParts parts)
        : this(parts ?? throw new ArgumentNullException(nameof(parts)), new SharedProgress(parts.Progress))
    {
    }

    private AzureRuntime(AzureRuntimeParts parts, SharedProgress progress)
        : base(parts, new PipelineAdapters
        {
            Blobs = parts.Blobs,
            Documents = parts.Documents,
            Progress = progress,
            TemporaryFolder = parts.TemporaryFolder,
            Width = parts.FanOutWidth,
            Workflows = (registry, documents) => new DurableWorkflowClient(parts.Hub, registry, parts.Time, progress.Changed, documents) { Kept = parts.JobsKept },
            Inference = ServersOf(parts),
            Intake = parts.Drops,
        }) =>
        Functions = new DurableWorkflows(Registry, Client, progress.Changed, parts.ProfileMemory ? MemoryProfiler.Process : null);

    /// <summary>What the orchestration and activity functions call.</summary>
    public DurableWorkflows Functions { get; }

    /// <summary>The task hub as the pipeline's engine.</summary>
    public DurableWorkflowClient Client => (DurableWorkflowClient)Workflows;

    private static InferenceServers? ServersOf(AzureRuntimeParts parts) => parts is { Inference: { } heavy, Shelf: { } shelf }
        ? new InferenceServers { Servers = heavy.Servers, Transport = parts.InferenceTransport, Heavy = new HeavyModels(shelf, heavy.HeavyModelBytes, heavy.FanOutWidth) }
        : null;
}
