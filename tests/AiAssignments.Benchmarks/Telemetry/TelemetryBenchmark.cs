using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Telemetry;
using AiAssignments.Inference.Protocol.Repository;
using AiAssignments.Inference.Runtime;
using AiAssignments.Inference.Serving;

namespace AiAssignments.Benchmarks.Telemetry;

/// <summary>What traces cost where nobody takes them and where all are taken: a span by itself, and a prediction of the smallest sample model with its spans, in turn in one run.</summary>
public static class TelemetryBenchmark
{
    private const int Rounds = 7;
    private const int Spans = 400_000;
    private const int Predictions = 4_000;

    /// <summary>Prints the table.</summary>
    /// <param name="args">Folder of the models; default: beside the program.</param>
    public static int Run(string[] args)
    {
        var models = args.Length > 0 ? args[0] : Path.Combine(AppContext.BaseDirectory, "models");
        var server = new ModelServer(new ModelRepositoryFolder(models), ModelServerOptions.Default with { Runtime = RuntimeOptions.Default with { IntraOpThreads = 1 }, Lanes = 1 });
        try
        {
            Measure(server);
            return 0;
        }
        finally
        {
            server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static void Measure(ModelServer server)
    {
        server.LoadAsync("topic", null, CancellationToken.None).GetAwaiter().GetResult();
        DatasetRecord[] records = [new TextRecord(new RecordPosition(0, 0), "The striker scored twice in the final minutes of the match", null, null, [])];
        var (span, traced, predict, predictTraced) = (Best.None, Best.None, Best.None, Best.None);
        for (var round = 0; round < Rounds; round++)
        {
            span = span.With(Time(Spans, Span));
            predict = predict.With(Time(Predictions, Predict));
            using var listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == Instruments.Name,
                Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            };
            ActivitySource.AddActivityListener(listener);
            traced = traced.With(Time(Spans, Span));
            predictTraced = predictTraced.With(Time(Predictions, Predict));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, .NET {Environment.Version}; best of {Rounds} rounds in turn; bytes are of all threads."));
        Console.WriteLine();
        Console.WriteLine("| what | nobody listens | bytes | all is traced | bytes | ratio |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: |");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| one span with three tags | {span.Nanoseconds:N1} ns | {span.Bytes:N0} | {traced.Nanoseconds:N0} ns | {traced.Bytes:N0} | |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| one prediction, five spans | {predict.Nanoseconds / 1000:N1} µs | {predict.Bytes:N0} | {predictTraced.Nanoseconds / 1000:N1} µs | {predictTraced.Bytes:N0} | {predictTraced.Nanoseconds / predict.Nanoseconds:0.00} |"));

        void Predict() => server.PredictAsync("topic", null, records, ServeOptions.Default, CancellationToken.None).GetAwaiter().GetResult();
    }

    private static void Span()
    {
        using var span = Instruments.Source.StartActivity("measured");
        span?.SetTag("model", "topic").SetTag("version", "1").SetTag("records", 1);
    }

    private static Best Time(int times, Action what)
    {
        for (var warm = 0; warm < times / 10; warm++)
        {
            what();
        }

        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var watch = Stopwatch.StartNew();
        for (var done = 0; done < times; done++)
        {
            what();
        }

        var nanoseconds = watch.Elapsed.TotalNanoseconds / times;
        return new Best(nanoseconds, (GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)times);
    }

    private readonly record struct Best(double Nanoseconds, double Bytes)
    {
        public static Best None { get; } = new(double.PositiveInfinity, double.PositiveInfinity);

        public Best With(Best other) => new(Math.Min(Nanoseconds, other.Nanoseconds), Math.Min(Bytes, other.Bytes));
    }
}
