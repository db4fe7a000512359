using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;

namespace AiAssignments.Inference.Serving;

/// <summary>Serves models to callers who wait: loads and warms them on demand, one queue a model, batches of what gathered while the last one ran. Thread-safe.</summary>
public interface IModelServer
{
    /// <summary>Scores records of the model's task.</summary>
    /// <param name="name">Model name.</param>
    /// <param name="version">Version; <c>null</c> for the active one.</param>
    /// <param name="records">One or many; each is queued as the rows it makes.</param>
    /// <param name="options">Deadline, logits.</param>
    /// <param name="cancellationToken">A request that is cancelled leaves the queue before inference.</param>
    /// <exception cref="ProblemException"><c>model-not-found</c>; <c>queue-full</c> at once, with <see cref="ProblemException.RetryAfter"/>; <c>deadline-exceeded</c>; <c>request-too-large</c>; <c>record-task-mismatch</c>; <c>model-draining</c>.</exception>
    Task<ServedPredictions> PredictAsync(string name, string? version, IReadOnlyList<DatasetRecord> records, ServeOptions options, CancellationToken cancellationToken);

    /// <summary>Runs the graph on tensors as they are, batched with those of other callers along the first dimension where the graph allows it.</summary>
    /// <param name="name">Model name.</param>
    /// <param name="version">Version; <c>null</c> for the active one.</param>
    /// <param name="inputs">One tensor an input of the graph.</param>
    /// <param name="outputs">Names of the outputs wanted; empty for all.</param>
    /// <param name="options">Deadline.</param>
    /// <param name="cancellationToken">A request that is cancelled leaves the queue before inference.</param>
    /// <exception cref="ProblemException">As <see cref="PredictAsync"/>; <c>tensor-unfit</c>: an input is missing, unknown, or of another type or shape than the graph takes.</exception>
    Task<ServedTensors> InferAsync(string name, string? version, IReadOnlyList<Tensor> inputs, IReadOnlyList<string> outputs, ServeOptions options, CancellationToken cancellationToken);

    /// <summary>What is loaded, loading or could be loaded.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<IReadOnlyList<ModelStatus>> ListAsync(CancellationToken cancellationToken);

    /// <summary>One model's status; <c>null</c> when there is no such model or version.</summary>
    /// <param name="name">Model name.</param>
    /// <param name="version">Version; <c>null</c> for the active one.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<ModelStatus?> FindAsync(string name, string? version, CancellationToken cancellationToken);

    /// <summary>Loads and warms a version (the active one by default) beside whatever serves, and only then lets it serve: also one that serves already, when its content was changed since. A load that fails leaves the old one serving.</summary>
    /// <param name="name">Model name.</param>
    /// <param name="version">Version; <c>null</c> for the active one.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    Task LoadAsync(string name, string? version, CancellationToken cancellationToken);

    /// <summary>Drains and unloads a model's versions (or one of them); the next request loads it again only after <see cref="LoadAsync"/>.</summary>
    /// <param name="name">Model name.</param>
    /// <param name="version">Version; <c>null</c> for all.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    Task UnloadAsync(string name, string? version, CancellationToken cancellationToken);

    /// <summary>Frees memory on demand: idle models, the arenas of ONNX Runtime (host and GPU), the managed heap.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<MemoryFreed> TrimAsync(CancellationToken cancellationToken);
}
