using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace AiAssignments.Core.Telemetry;

/// <summary>All instruments in one place. Label values are bounded: routes as templates, registered model names, never what a caller sent. Durations in seconds.</summary>
public static class Instruments
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string Name = "AiAssignments";

    /// <summary>Starts activities (spans).</summary>
    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    /// <summary>Finished HTTP requests: <c>method</c>, <c>endpoint</c> (route template), <c>status</c>.</summary>
    public static readonly Counter<long> HttpRequests = Meter.CreateCounter<long>("http_requests", description: "Finished HTTP requests.");

    /// <summary>Time from a request's first byte to its answer's last: <c>method</c>, <c>endpoint</c>.</summary>
    public static readonly Histogram<double> HttpRequestDuration = Duration("http_request_duration", "Time of an HTTP request.");

    /// <summary>Open requests and sockets: <c>kind</c> is <c>http</c> or <c>websocket</c>.</summary>
    public static readonly UpDownCounter<long> ActiveConnections = Meter.CreateUpDownCounter<long>("active_connections", description: "Requests being answered, and open sockets.");

    /// <summary>Time of one run of a graph: <c>model</c>, <c>version</c>.</summary>
    public static readonly Histogram<double> InferenceDuration = Duration("model_inference_duration", "Time of one batch in ONNX Runtime.");

    /// <summary>Time that rows waited for their batch: <c>model</c>.</summary>
    public static readonly Histogram<double> QueueWait = Duration("inference_queue_wait", "Time that a request's rows waited for their batch.");

    /// <summary>Rows that wait: <c>model</c>.</summary>
    public static readonly UpDownCounter<long> QueueLength = Meter.CreateUpDownCounter<long>("inference_queue_length", description: "Rows that wait for their batch.");

    /// <summary>Rows of a batch: <c>model</c>.</summary>
    public static readonly Histogram<long> BatchRows = Meter.CreateHistogram<long>(
        "inference_batch_rows", description: "Rows of one batch.", advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128] });

    /// <summary>Padded ids of a batch: <c>model</c>.</summary>
    public static readonly Histogram<long> BatchTokens = Meter.CreateHistogram<long>(
        "inference_batch_tokens", description: "Padded ids of one batch.", advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [32, 64, 128, 256, 512, 1024, 2048, 4096, 8192] });

    /// <summary>Requests turned away because a queue was full: <c>model</c>.</summary>
    public static readonly Counter<long> QueueRefusals = Meter.CreateCounter<long>("inference_queue_refusals", description: "Requests refused because the queue was full.");

    /// <summary>Cache look-ups: <c>cache</c> (<c>predictions</c>, <c>queries</c>), <c>level</c> (<c>memory</c>, <c>redis</c>), <c>result</c> (<c>hit</c>, <c>miss</c>).</summary>
    public static readonly Counter<long> CacheLookups = Meter.CreateCounter<long>("cache_lookups", description: "Cache look-ups by level and result.");

    /// <summary>Records scored by evaluations: <c>model</c>.</summary>
    public static readonly Counter<long> RecordsScored = Meter.CreateCounter<long>("records_scored", description: "Records scored by evaluations.");

    /// <summary>Open progress sockets that were closed because they read too slowly.</summary>
    public static readonly Counter<long> SlowClientsDropped = Meter.CreateCounter<long>("websocket_slow_clients_dropped", description: "Sockets closed because their client read too slowly.");

    /// <summary>Messages sent to sockets.</summary>
    public static readonly Counter<long> SocketMessages = Meter.CreateCounter<long>("websocket_messages", description: "Messages sent to sockets.");

    /// <summary>Time of scoring one shard: <c>model</c>.</summary>
    public static readonly Histogram<double> ShardDuration = Long("shard_duration", "Time of scoring one shard.");

    /// <summary>Commits of the workflow journal.</summary>
    public static readonly Counter<long> JournalCommits = Meter.CreateCounter<long>("journal_commits", description: "Commits of the workflow journal.");

    /// <summary>Changes written to the workflow journal; several share a commit.</summary>
    public static readonly Counter<long> JournalWrites = Meter.CreateCounter<long>("journal_writes", description: "Changes written to the workflow journal.");

    /// <summary>What the document store charged, request units: <c>operation</c> (<c>read</c>, <c>write</c>, <c>query</c>, <c>delete</c>, <c>delete-many</c>).</summary>
    public static readonly Counter<double> StoreRequestCharge = Meter.CreateCounter<double>("store_request_charge", description: "Request units charged by the document store.");

    /// <summary>Time of one commit of the workflow journal, its sync to disk included.</summary>
    public static readonly Histogram<double> JournalCommitDuration = Duration("journal_commit_duration", "Time of one commit of the workflow journal.");

    /// <summary>Time of one call of a store: <c>store</c> (<c>documents</c>, <c>blobs</c>), <c>operation</c> (<c>read</c>, <c>write</c>, <c>query</c>, <c>delete</c>, <c>delete-many</c>; of blobs <c>find</c>, <c>read</c>, <c>write</c>, <c>list</c>, <c>delete</c>). Reading a blob is timed until its stream is closed.</summary>
    public static readonly Histogram<double> StoreOperationDuration = Duration("store_operation_duration", "Time of one call of a store.");

    /// <summary>Bytes of blobs: <c>direction</c> (<c>read</c>, <c>written</c>).</summary>
    public static readonly Counter<long> BlobBytes = Meter.CreateCounter<long>("blob_transfer", unit: "By", description: "Bytes of blobs read and written.");

    /// <summary>Tries of activities, each by its time: <c>activity</c> (registered name), <c>outcome</c> (<c>completed</c>, <c>failed</c>, <c>stopped</c>, and on Durable Functions <c>busy</c>: whoever does the work was full).</summary>
    public static readonly Histogram<double> ActivityDuration = Long("workflow_activity_duration", "Time of one try of a workflow activity.");

    /// <summary>Workflow instances that ended: <c>workflow</c> (registered name), <c>status</c> (<c>completed</c>, <c>failed</c>, <c>cancelled</c>).</summary>
    public static readonly Counter<long> WorkflowsEnded = Meter.CreateCounter<long>("workflows_ended", description: "Workflow instances that ended.");

    /// <summary>Managed bytes allocated while an activity ran, where that is measured: <c>activity</c>.</summary>
    public static readonly Histogram<long> ActivityAllocated = Bytes("workflow_activity_allocated", "Managed bytes allocated by the process while an activity ran.");

    /// <summary>Most memory of the process in RAM while an activity ran, where that is measured: <c>activity</c>.</summary>
    public static readonly Histogram<long> ActivityPeak = Bytes("workflow_activity_peak_resident", "Most memory of the process in RAM while an activity ran.");

    /// <summary>Memory of this process in RAM.</summary>
    public static readonly ObservableGauge<long> ProcessMemory = Meter.CreateObservableGauge("process_resident_memory", () => Environment.WorkingSet, unit: "By", description: "Memory of this process in RAM.");

    /// <summary>Processor time of this process.</summary>
    public static readonly ObservableCounter<double> ProcessCpu = Meter.CreateObservableCounter("process_cpu", () => Environment.CpuUsage.TotalTime.TotalSeconds, unit: "s", description: "Processor time of this process.");

    private static readonly ObservableCounter<long> ProcessDiskRead = Meter.CreateObservableCounter("process_disk_read", () => Observe(ProcessDisk?.Invoke().Read), unit: "By", description: "Bytes that this process caused to be read from disks.");

    private static readonly ObservableCounter<long> ProcessDiskWritten = Meter.CreateObservableCounter("process_disk_written", () => Observe(ProcessDisk?.Invoke().Written), unit: "By", description: "Bytes that this process caused to be written to disks.");

    private static readonly ObservableCounter<long> ProcessNetworkReceive = Meter.CreateObservableCounter("process_network_receive", () => Observe(ProcessNetwork?.Invoke().Received), unit: "By", description: "Bytes that came through sockets of this process.");

    private static readonly ObservableCounter<long> ProcessNetworkTransmit = Meter.CreateObservableCounter("process_network_transmit", () => Observe(ProcessNetwork?.Invoke().Sent), unit: "By", description: "Bytes that went through sockets of this process.");

    private static readonly ObservableGauge<long> MemoryLimitGauge = Meter.CreateObservableGauge("memory_limit", () => Observe(Limits?.Invoke().Memory), unit: "By", description: "Memory that the process may use: the container's limit, else the machine's memory.");

    private static readonly ObservableGauge<long> DiskFreeGauge = Meter.CreateObservableGauge("data_disk_free", () => Observe(Limits?.Invoke().DiskFree), unit: "By", description: "Space left on the disk of the data folder.");

    private static readonly ObservableGauge<long> DiskSizeGauge = Meter.CreateObservableGauge("data_disk_size", () => Observe(Limits?.Invoke().DiskSize), unit: "By", description: "Size of the disk of the data folder.");

    private static readonly ObservableGauge<long> GpuMemoryGauge = Meter.CreateObservableGauge("gpu_memory", ObserveGpus, unit: "By", description: "GPU memory in use, of all processes.");

    /// <summary>Reads the memory in use of each GPU, bytes, in the driver's order; set by whoever finds one. <c>gpu</c> is its index.</summary>
    public static Func<IReadOnlyList<long>>? GpuMemory { get; set; }

    /// <summary>Reads what the machine allows, bytes: memory, space left and in all on the disk of the data folder; <c>null</c> for what is not known. Set by whoever watches it.</summary>
    public static Func<(long? Memory, long? DiskFree, long? DiskSize)>? Limits { get; set; }

    /// <summary>Reads the bytes that this process caused to be read from and written to disks since it began; <c>null</c> for what is not known. Set by whoever watches it.</summary>
    public static Func<(long? Read, long? Written)>? ProcessDisk { get; set; }

    /// <summary>Reads the bytes that came and went through sockets of this process; <c>null</c> for what is not known. Set by whoever watches it.</summary>
    public static Func<(long? Received, long? Sent)>? ProcessNetwork { get; set; }

    private static IEnumerable<Measurement<long>> Observe(long? value) => value is { } known ? [new Measurement<long>(known)] : [];

    private static IEnumerable<Measurement<long>> ObserveGpus() =>
        GpuMemory?.Invoke().Select((bytes, index) => new Measurement<long>(bytes, new KeyValuePair<string, object?>("gpu", index))) ?? [];

    private static Histogram<double> Long(string name, string description) => Meter.CreateHistogram(
        name,
        unit: "s",
        description: description,
        tags: null,
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300] });

    private static Histogram<long> Bytes(string name, string description) => Meter.CreateHistogram(
        name,
        unit: "By",
        description: description,
        tags: null,
        advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [1L << 20, 1L << 22, 1L << 24, 1L << 26, 1L << 28, 1L << 30, 1L << 32, 1L << 34, 1L << 36] });

    private static Histogram<double> Duration(string name, string description) => Meter.CreateHistogram(
        name,
        unit: "s",
        description: description,
        tags: null,
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
        });
}
