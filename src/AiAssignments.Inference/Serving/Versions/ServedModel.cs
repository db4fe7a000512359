using AiAssignments.Core.Datasets;
using AiAssignments.Core.Telemetry;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Serving.Batching;
using AiAssignments.Inference.Serving.Graphs;
using AiAssignments.Inference.Serving.Records;
using AiAssignments.Inference.Serving.Tensors;

namespace AiAssignments.Inference.Serving.Versions;

/// <summary>A loaded and warmed version with its queue.</summary>
internal sealed class ServedModel
{
    private readonly ModelKey key;
    private readonly IServedGraph graph;
    private readonly ModelServerOptions options;
    private readonly RecordRows records;
    private readonly TensorRows tensors;

    public ServedModel(ModelKey key, ModelPackage package, IServedGraph graph, ModelServerOptions options, LaneDispatcher lanes, BatchCounts batches)
    {
        (this.key, Package, this.graph, this.options) = (key, package, graph, options);
        records = new(package, graph.Tokenizer);
        tensors = new(package.Binding, graph.Records, graph.Tensors);
        var capacity = records.ImageLength == 0 ? options.QueueRows : (int)Math.Clamp(options.QueueBytes / (4L * records.ImageLength), 1, options.QueueRows);
        Queue = new(new(key.Name, key.Version, capacity, graph.MostConcurrent, LanePlan.Of(options).MostPadding, options.MaxBatchDelay), lanes, options.Time, batches);
    }

    public ModelPackage Package { get; }

    public BatchQueue Queue { get; }

    public string Provider => graph.Provider;

    public async Task<ServedPredictions> PredictAsync(IReadOnlyList<DatasetRecord> given, bool logits, Deadline deadline, CancellationToken cancellationToken)
    {
        RecordDoor.Check(given, Package.Card, options);
        Queue.Announce(given.Count);
        var announced = given.Count;
        try
        {
            var start = options.Time.GetTimestamp();
            var sink = new PredictionSink(Package.Card, given, logits);
            var request = new RecordRequest(sink) { Kind = graph.Records };
            var (rows, truncated) = Tokenize(given, request, cancellationToken);
            var made = options.Time.GetElapsedTime(start);
            announced = 0;
            await AnswerAsync(request, rows, given.Count, deadline, cancellationToken).ConfigureAwait(false);
            var (queue, inference) = request.Spent;
            return new(key, Package.Card, sink.Finish(truncated), new(queue, made, inference));
        }
        finally
        {
            if (announced > 0)
            {
                Queue.Withdraw(announced);
            }
        }
    }

    public async Task<ServedTensors> InferAsync(IReadOnlyList<Tensor> given, IReadOnlyList<string> outputs, Deadline deadline, CancellationToken cancellationToken)
    {
        var plan = OutputPlan.Of(outputs, Package.Signature, Package.Binding);
        var request = new TensorRequest(TensorDoor.Check(given, Package, graph.Tokenizer?.IdsPerPosition ?? 1, options), plan, options.MostAnswerBytes);
        tensors.Check(request);
        var count = TensorRows.Count(request);
        Queue.Announce(count);
        await AnswerAsync(request, tensors.Make(request), count, deadline, cancellationToken).ConfigureAwait(false);
        var (queue, inference) = request.Spent;
        return new(key, request.Outputs(), new(queue, TimeSpan.Zero, inference)) { Memory = request.Memory() };
    }

    /// <summary>Waits for what is queued and running, then frees the graph. No new request may come.</summary>
    public async Task CloseAsync()
    {
        await Queue.WhenIdleAsync().ConfigureAwait(false);
        graph.Dispose();
    }

    public void Shrink() => graph.Shrink();

    private (List<QueuedRow> Rows, bool[]? Truncated) Tokenize(IReadOnlyList<DatasetRecord> given, RecordRequest request, CancellationToken cancellationToken)
    {
        using var activity = Instruments.Source.StartActivity("tokenize");
        return records.Make(given, request, cancellationToken);
    }

    private async Task AnswerAsync(ServeRequest request, List<QueuedRow> rows, int announced, Deadline deadline, CancellationToken cancellationToken)
    {
        var queued = false;
        try
        {
            // What is late or cancelled already takes no place.
            if (deadline.Left <= TimeSpan.Zero || cancellationToken.IsCancellationRequested)
            {
                Queue.Withdraw(announced);
                announced = 0;
                cancellationToken.ThrowIfCancellationRequested();
                deadline.ThrowIfOver();
            }

            Queue.Enqueue(request, rows, announced);
            queued = true;
        }
        finally
        {
            if (!queued)
            {
                rows.ForEach(static row => row.Release());
            }
        }

        try
        {
            await WaitAsync(request, deadline, cancellationToken).ConfigureAwait(false);
            RequestSpans.Tell(request, options.Time);
        }
        finally
        {
            Queue.Leave(request);
        }
    }

    private async Task WaitAsync(ServeRequest request, Deadline deadline, CancellationToken cancellationToken)
    {
        using var timer = options.Time.CreateTimer(
            static state =>
            {
                var (queue, late, limit) = ((BatchQueue, ServeRequest, TimeSpan))state!;
                queue.Expire(late, limit);
            },
            (Queue, request, deadline.Limit),
            deadline.Left > TimeSpan.Zero ? deadline.Left : TimeSpan.Zero,
            Timeout.InfiniteTimeSpan);
        using var registration = cancellationToken.UnsafeRegister(
            static (state, token) =>
            {
                var (queue, cancelled) = ((BatchQueue, ServeRequest))state!;
                cancelled.TryCancel(token);
                queue.Leave(cancelled);
            },
            (Queue, request));
        await request.Completion.ConfigureAwait(false);
    }
}
