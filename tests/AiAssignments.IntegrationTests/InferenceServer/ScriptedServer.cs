using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Serving;

namespace AiAssignments.IntegrationTests.InferenceServer;

/// <summary>A model server whose one model <c>echo</c> gives back what it gets, or the problem that a test wants.</summary>
internal sealed class ScriptedServer : IModelServer
{
    private static readonly ModelKey Key = new("echo", "3");

    public ProblemException? Problem { get; set; }

    public ServeOptions? Options { get; private set; }

    public string? Version { get; private set; }

    public IReadOnlyList<string> Wanted { get; private set; } = [];

    public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool Hang { get; set; }

    /// <summary>Set when a request hangs here.</summary>
    public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string? Loaded { get; private set; }

    public Task<ServedPredictions> PredictAsync(string name, string? version, IReadOnlyList<DatasetRecord> records, ServeOptions options, CancellationToken cancellationToken) =>
        throw new ProblemException("record-task-mismatch", "The echo takes tensors only.");

    public async Task<ServedTensors> InferAsync(string name, string? version, IReadOnlyList<Tensor> inputs, IReadOnlyList<string> outputs, ServeOptions options, CancellationToken cancellationToken)
    {
        (Options, Version, Wanted) = (options, version, outputs);
        if (Problem is { } problem)
        {
            throw problem;
        }

        if (Hang)
        {
            try
            {
                Reached.SetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                Cancelled.SetResult();
            }
        }

        // Copies: the request's memory is given back while the answer is still being compared.
        return new ServedTensors(Key, [.. inputs.Select(input => input with { Data = input.Data.ToArray() })], new ServeTiming(TimeSpan.FromMilliseconds(1.5), default, TimeSpan.FromMilliseconds(2)));
    }

    public Task<IReadOnlyList<ModelStatus>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ModelStatus>>([Status()]);

    public Task<ModelStatus?> FindAsync(string name, string? version, CancellationToken cancellationToken) =>
        Task.FromResult(name == Key.Name && version is null or "3" ? Status() : null);

    public Task LoadAsync(string name, string? version, CancellationToken cancellationToken)
    {
        Loaded = $"{name}@{version}";
        return Task.CompletedTask;
    }

    public Task UnloadAsync(string name, string? version, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<MemoryFreed> TrimAsync(CancellationToken cancellationToken) => Task.FromResult(new MemoryFreed([Key], 4, 3, 2, 1));

    private static ModelStatus Status() => new(Key, ModelState.Ready, true, null, null, null, 0, 0, "CPU", null);
}
