using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Telemetry;
using AiAssignments.Inference.Runtime;
using AiAssignments.Inference.Serving.Batching;
using AiAssignments.Inference.Serving.Graphs;
using AiAssignments.Inference.Serving.Versions;

namespace AiAssignments.Inference.Serving;

/// <summary>
/// Serves models in this process. A batch is what gathered while the last one ran, bounded by rows and padded ids, of similar lengths, the row whose turn is
/// first always in it. Tokenizing is done on the caller's thread, running on threads of the server's own, one batch a core.
/// </summary>
/// <remarks>Beside the codes of <see cref="IModelServer"/>: <c>model-unloaded</c>, <c>model-too-large</c>, <c>model-memory-full</c> (with <see cref="ProblemException.RetryAfter"/>), <c>inference-failed</c>, and why a model cannot be loaded.</remarks>
public sealed class ModelServer : IModelServer, IAsyncDisposable
{
    private const double ShareOfMemory = 0.6;
    private readonly ModelServerOptions options;
    private readonly LaneDispatcher lanes;
    private readonly VersionTable table;
    private int disposed;

    /// <summary>Makes a server; nothing is loaded yet.</summary>
    /// <param name="source">Where the models are.</param>
    /// <param name="options">How to run; <see cref="ModelServerOptions.Default"/> when <c>null</c>.</param>
    /// <exception cref="ProblemException"><c>runtime-option</c>: an option is out of range.</exception>
    public ModelServer(IModelSource source, ModelServerOptions? options = null)
        : this(source, options ?? ModelServerOptions.Default, null)
    {
    }

    internal ModelServer(IModelSource source, ModelServerOptions options, IGraphLoader? loader)
    {
        ArgumentNullException.ThrowIfNull(source);
        ModelServerCheck.Check(options);
        this.options = options;
        var plan = LanePlan.Of(options);
        lanes = new(plan.Lanes);
        var budget = options.MemoryBytes != 0 ? options.MemoryBytes : (long)(MachineProbe.MemoryBytes() * ShareOfMemory);
        table = new(source, loader ?? new GraphLoader(plan, options.Time), options, budget, lanes);
        Description = string.Create(
            CultureInfo.InvariantCulture,
            $"{options.Runtime.Device.ToUpperInvariant()}, {plan.Lanes} batch(es) side by side of {plan.Runtime.IntraOpThreads} thread(s), {budget >> 20} MiB for models");
    }

    /// <summary>For the start-up message: where and how batches run, for example <c>CPU, 8 batch(es) side by side of 1 thread(s), 9600 MiB for models</c>.</summary>
    public string Description { get; }

    /// <inheritdoc />
    public async Task<ServedPredictions> PredictAsync(
        string name, string? version, IReadOnlyList<DatasetRecord> records, ServeOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(options);
        using var activity = Start("predict");
        var deadline = DeadlineOf(options);
        using var lease = await table.RentAsync(name, version, deadline, cancellationToken).ConfigureAwait(false);
        activity?.SetTag("model", lease.Model.Package.Card.Name).SetTag("version", lease.Model.Package.Card.Version).SetTag("records", records.Count);
        return await lease.Model.PredictAsync(records, options.Logits, deadline, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async Task<ServedTensors> InferAsync(
        string name, string? version, IReadOnlyList<Tensor> inputs, IReadOnlyList<string> outputs, ServeOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(options);
        using var activity = Start("infer");
        var deadline = DeadlineOf(options);
        using var lease = await table.RentAsync(name, version, deadline, cancellationToken).ConfigureAwait(false);
        activity?.SetTag("model", lease.Model.Package.Card.Name).SetTag("version", lease.Model.Package.Card.Version).SetTag("inputs", inputs.Count);
        return await lease.Model.InferAsync(inputs, outputs, deadline, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<ModelStatus>> ListAsync(CancellationToken cancellationToken) => table.ListAsync(cancellationToken);

    /// <inheritdoc />
    public Task<ModelStatus?> FindAsync(string name, string? version, CancellationToken cancellationToken) => table.FindAsync(name, version, cancellationToken);

    /// <inheritdoc />
    public Task LoadAsync(string name, string? version, CancellationToken cancellationToken) => table.LoadAsync(name, version, cancellationToken);

    /// <inheritdoc />
    public Task UnloadAsync(string name, string? version, CancellationToken cancellationToken) => table.UnloadAsync(name, version, cancellationToken);

    /// <inheritdoc />
    public async Task<MemoryFreed> TrimAsync(CancellationToken cancellationToken)
    {
        var (resident, managed) = (Environment.WorkingSet, GC.GetTotalMemory(forceFullCollection: false));
        var unloaded = await table.TrimAsync(cancellationToken).ConfigureAwait(false);
        options.Trimming?.Invoke();
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        NativeHeap.Trim();
        return new(unloaded, resident, Environment.WorkingSet, managed, GC.GetTotalMemory(forceFullCollection: false));
    }

    /// <summary>Answers what it has taken, takes nothing more (<see cref="ObjectDisposedException"/>), and unloads everything.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
        {
            await table.CloseAsync().ConfigureAwait(false);
            lanes.Dispose();
        }
    }

    private static Activity? Start(string what) => Instruments.Source.StartActivity(what);

    private Deadline DeadlineOf(ServeOptions said) => new(options.Time, said.Timeout ?? options.Timeout);
}
