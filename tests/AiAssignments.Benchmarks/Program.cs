using AiAssignments.Benchmarks.Caching;
using AiAssignments.Benchmarks.Datasets;
using AiAssignments.Benchmarks.Distillation;
using AiAssignments.Benchmarks.Gateway;
using AiAssignments.Benchmarks.Hosts;
using AiAssignments.Benchmarks.Live;
using AiAssignments.Benchmarks.LoadTesting;
using AiAssignments.Benchmarks.Metrics;
using AiAssignments.Benchmarks.Pruning;
using AiAssignments.Benchmarks.Quantization;
using AiAssignments.Benchmarks.Reading;
using AiAssignments.Benchmarks.Scoring;
using AiAssignments.Benchmarks.Serving;
using AiAssignments.Benchmarks.Telemetry;
using AiAssignments.Benchmarks.Tokenization;
using AiAssignments.Benchmarks.Uploads;
using AiAssignments.Benchmarks.Workflows;
using AiAssignments.Inference.Runtime;

// Benchmarks NAME [ARGUMENTS]: each prints its results as Markdown; the committed ones lie beside its source.
var benchmarks = new SortedDictionary<string, Func<string[], int>>(StringComparer.Ordinal)
{
    ["archives"] = ArchiveFormatsBenchmark.Run,
    ["bare-kestrel"] = BareKestrel.Run,
    ["caches"] = CacheBenchmark.Run,
    ["distillation"] = DistillationBenchmark.Run,
    ["gateway"] = GatewayBenchmark.Run,
    ["huge-pages"] = HugePagesBenchmark.Run,
    ["live"] = LiveBenchmark.Run,
    ["loadtest"] = LoadTestBenchmark.Run,
    ["metrics"] = MetricsBenchmark.Run,
    ["peer"] = PeerBenchmark.Run,
    ["pruning"] = PruningBenchmark.Run,
    ["quantization"] = QuantizationBenchmark.Run,
    ["raw-responder"] = RawResponder.Run,
    ["reading"] = ReadingBenchmark.Run,
    ["scoring"] = ScoringBenchmark.Run,
    ["serving"] = ServingBenchmark.Run,
    ["soak"] = SoakBenchmark.Run,
    ["start"] = StartBenchmark.Run,
    ["telemetry"] = TelemetryBenchmark.Run,
    ["tokenization"] = TokenizationBenchmark.Run,
    ["uploads"] = UploadBenchmark.Run,
    ["workflows"] = WorkflowBenchmark.Run,
};
if (args.Length == 0 || !benchmarks.TryGetValue(args[0], out var run))
{
    Console.Error.WriteLine($"usage: Benchmarks ({string.Join('|', benchmarks.Keys)}) [ARGUMENTS]");
    return 2;
}

// This one compares with and without, and starts itself both ways.
if (args[0] != "huge-pages")
{
    ProcessTuning.EnsureHugePages();
}

return run(args[1..]);
