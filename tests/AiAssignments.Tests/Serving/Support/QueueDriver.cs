using System.Globalization;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Serving.Batching;
using AiAssignments.Inference.Serving.Graphs;
using AiAssignments.Inference.Serving.Records;
using AiAssignments.Tests.InferenceTests.Support;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Serving.Support;

/// <summary>A queue whose only lane is the test: batches are formed and run when it says so.</summary>
internal sealed class QueueDriver : IDisposable
{
    private readonly LaneDispatcher lanes = new(0);
    private int seen;
    private readonly ModelCard card = Packages.Card(ModelTask.TextClassification, 3);
    private readonly RowKind kind;

    public QueueDriver(int capacity = 1000, int rows = 8, int tokens = 64, double padding = 0.2, TimeSpan delay = default, int concurrent = 1)
    {
        kind = new(Runner, "sequence", rows, tokens);
        Queue = new(new("tiny", "1", capacity, concurrent, padding, delay), lanes, Time);
    }

    public FakeTimeProvider Time { get; } = new();

    public FakeRunner Runner { get; } = new();

    public BatchQueue Queue { get; }

    /// <summary>Queues a request whose rows have these lengths.</summary>
    public (RecordRequest Request, List<QueuedRow> Rows) Add(params int[] lengths)
    {
        Queue.Announce(lengths.Length);
        var records = lengths.Select((length, i) => (DatasetRecord)Packages.Text(i, length.ToString(CultureInfo.InvariantCulture))).ToList();
        var request = new RecordRequest(new PredictionSink(card, records)) { Kind = kind };
        var rows = lengths.Select((length, i) => (QueuedRow)new SequenceRow(request, new SequenceItem(i, new int[length], null, null))).ToList();
        Queue.Enqueue(request, rows, lengths.Length);
        return (request, rows);
    }

    /// <summary>Whether the queue has put itself in line since the last batch.</summary>
    public bool IsReady() => lanes.Waiting > seen;

    /// <summary>Forms and runs one batch.</summary>
    /// <returns>Its rows.</returns>
    public QueuedRow[] Serve(int idleLanes = 1)
    {
        var before = Runner.Batches.Count;
        seen = lanes.Waiting;
        Queue.Serve(new LaneScratch(), idleLanes);
        return Runner.Batches.Skip(before).FirstOrDefault() ?? [];
    }

    public void Dispose() => lanes.Dispose();
}
