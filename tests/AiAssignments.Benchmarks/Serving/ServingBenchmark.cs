using System.Diagnostics;
using System.Globalization;
using AiAssignments.Benchmarks.Scoring;
using AiAssignments.Core.Datasets;
using AiAssignments.Inference.Runtime;
using AiAssignments.Inference.Serving;
using Microsoft.ML.OnnxRuntime;

namespace AiAssignments.Benchmarks.Serving;

/// <summary>
/// Requests per second and latency of the model server with 16 and 64 clients, beside a bare session at the best batch size of a sweep on the same texts and
/// two naive servers; what the server adds to one lone request; and, with the argument <c>lanes</c>, ways to share out the cores.
/// </summary>
public static class ServingBenchmark
{
    private static readonly int[] Sizes = [1, 2, 4, 8, 16, 32];
    private static readonly int[] Clients = [16, 64];

    /// <summary>Runs it and prints Markdown.</summary>
    /// <param name="args">Texts a round (default 128), rounds (default 3), <c>lanes</c> to compare lanes instead.</param>
    public static int Run(string[] args)
    {
        if (Shared() is not { } data)
        {
            Console.WriteLine("shared/data is absent: nothing to measure on.");
            return 1;
        }

        using var shape = new ServedShape(data, Number(args, 0, 128));
        var lengths = shape.Rows.ConvertAll(row => row.Length);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{shape.Texts.Count} texts of {lengths.Min()} to {lengths.Max()} tokens, {lengths.Average():F1} on average; {Number(args, 1, 3)} rounds in turn; {MachineProbe.Read().Processor}, {Cores.Logical} cores; huge pages {ProcessTuning.Describe()}"));
        Console.WriteLine();
        if (args.Contains("lanes"))
        {
            CompareLanes(shape, Number(args, 1, 3));
        }
        else
        {
            Compare(shape, Number(args, 1, 3));
        }

        return 0;
    }

    private static void Compare(ServedShape shape, int rounds)
    {
        using var defaults = new InferenceSession(shape.Package.OnnxPath);
        var sorted = shape.Rows.OrderByDescending(row => row.Length).ToList();
        BareLoop.Run(defaults, sorted[..16], 4);
        var sweep = Sizes.Select(size => (Size: size, Seconds: BareLoop.Run(defaults, sorted, size))).OrderBy(tried => tried.Seconds).ToList();
        var bareRates = new List<double>();
        var ours = Clients.Select(_ => new ClosedLoad()).ToArray();
        var one = Clients.Select(_ => new ClosedLoad()).ToArray();
        var whatever = Clients.Select(_ => new ClosedLoad()).ToArray();
        var server = Server(shape, ModelServerOptions.Default);
        using var single = new OneAtATime(shape, defaults);
        var batching = new WhateverWaits(shape, defaults);
        for (var round = 0; round < rounds; round++)
        {
            bareRates.Add(sorted.Count / BareLoop.Run(defaults, sorted, sweep[0].Size));
            for (var i = 0; i < Clients.Length; i++)
            {
                ours[i].Round(shape.Texts, Clients[i], text => AskAsync(server, text));
                one[i].Round(shape.Texts, Clients[i], single.AskAsync);
                whatever[i].Round(shape.Texts, Clients[i], batching.AskAsync);
            }
        }

        var invariant = CultureInfo.InvariantCulture;
        var best = bareRates.Order().ElementAt(bareRates.Count / 2);
        Console.WriteLine("| | clients | requests a second, median | best | p50 ms | p99 ms | of the bare session |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        Console.WriteLine(string.Create(invariant, $"| bare session, tokenized and sorted before, {sweep[0].Size} rows a batch (best of the sweep) | | {best:F1} | {bareRates.Max():F1} | | | |"));
        for (var i = 0; i < Clients.Length; i++)
        {
            Print("model server", Clients[i], ours[i], best);
            Print("naive: one request at a time", Clients[i], one[i], best);
            Print("naive: whatever waits, padded to the longest", Clients[i], whatever[i], best);
        }

        Console.WriteLine();
        Console.WriteLine($"sweep of the bare session: {string.Join(", ", sweep.OrderBy(tried => tried.Size).Select(tried => string.Create(invariant, $"{tried.Size}: {sorted.Count / tried.Seconds:F1}")))}");
        batching.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Lone(shape, server);
        server.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    // In turn with the same session settings, so that what differs is the server.
    private static void Lone(ServedShape shape, ModelServer server)
    {
        var threads = Math.Max(1, Cores.Physical / LanesOf(ModelServerOptions.Default));
        using var alike = InferenceSessionFactory.Open(shape.Package.OnnxPath, RuntimeOptions.Default with { IntraOpThreads = threads });
        var texts = shape.Texts.Take(100).ToList();
        var (bare, ours, differences, outside) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var i = -5; i < texts.Count; i++)
        {
            var text = texts[Math.Max(0, i)];
            var before = OnAThread(() => BareBatch.Run(alike.Session, [shape.Ids(text)]));
            var middle = Stopwatch.GetTimestamp();
            var timing = AskAsync(server, text).GetAwaiter().GetResult();
            var end = Stopwatch.GetTimestamp();
            if (i >= 0)
            {
                outside.Add((Stopwatch.GetElapsedTime(middle, end) - timing.Tokenize - timing.Inference).TotalMilliseconds);
                bare.Add(before.TotalMilliseconds);
                ours.Add(Stopwatch.GetElapsedTime(middle, end).TotalMilliseconds);
                differences.Add(ours[^1] - bare[^1]);
            }
        }

        static double Middle(List<double> values) => values.Order().ElementAt(values.Count / 2);
        Console.WriteLine();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"one lone request, p50 of {texts.Count}: tokenization and bare session {Middle(bare):F2} ms, model server {Middle(ours):F2} ms, difference of the p50 {Middle(ours) - Middle(bare):F2} ms, p50 of the differences {Middle(differences):F2} ms (goal under 1); p50 of what the server spends outside of tokenization and session {Middle(outside):F2} ms"));
    }

    // The bare session, too, runs on a thread that has just woken, and not on one whose core is warm from the run before: no server has that.
    private static TimeSpan OnAThread(Action run)
    {
        var spent = TimeSpan.Zero;
        var thread = new Thread(() =>
        {
            var start = Stopwatch.GetTimestamp();
            run();
            spent = Stopwatch.GetElapsedTime(start);
        });
        thread.Start();
        thread.Join();
        return spent;
    }

    private static void CompareLanes(ServedShape shape, int rounds)
    {
        var cores = Cores.Physical;
        var choices = new (string Name, ModelServerOptions Options)[]
        {
            ("one batch a core, 1 thread each, 128 ids", Of(cores, 1, 128)),
            ("one batch a core, 1 thread each, 256 ids", Of(cores, 1, 256)),
            ("one batch a core, 1 thread each, 512 ids", Of(cores, 1, 512)),
            ("one batch on all cores, 256 ids", Of(1, cores, 256)),
            ("one batch on all cores, 1,024 ids", Of(1, cores, 1024)),
            ("one batch a core, all threads shared, 256 ids", Of(cores, cores, 256)),
        };
        var loads = choices.Select(_ => new[] { new ClosedLoad(), new ClosedLoad(), new ClosedLoad() }).ToArray();
        int[] clients = [1, 16, 64];
        for (var round = 0; round < rounds; round++)
        {
            for (var choice = 0; choice < choices.Length; choice++)
            {
                var server = Server(shape, choices[choice].Options);
                for (var i = 0; i < clients.Length; i++)
                {
                    loads[choice][i].Round(i == 0 ? shape.Texts[..16] : shape.Texts, clients[i], text => AskAsync(server, text));
                }

                server.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }
        }

        Console.WriteLine("| | clients | requests a second, median | best | p50 ms | p99 ms |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: |");
        for (var choice = 0; choice < choices.Length; choice++)
        {
            for (var i = 0; i < clients.Length; i++)
            {
                Print(choices[choice].Name, clients[i], loads[choice][i], null);
            }
        }
    }

    private static ModelServerOptions Of(int lanes, int threads, int ids) =>
        ModelServerOptions.Default with { Lanes = lanes, TokensPerBatch = ids, Runtime = RuntimeOptions.Default with { IntraOpThreads = threads } };

    private static int LanesOf(ModelServerOptions options) => options.Lanes == 0 ? Cores.Physical : options.Lanes;

    private static ModelServer Server(ServedShape shape, ModelServerOptions options)
    {
        var server = new ModelServer(new PackageSource(shape.Package), options);
        server.LoadAsync(shape.Package.Card.Name, null, CancellationToken.None).GetAwaiter().GetResult();
        return server;
    }

    private static async Task<ServeTiming> AskAsync(ModelServer server, string text)
    {
        var answer = await server.PredictAsync(
            "distilbert-shape", null, [new TextRecord(new(0, 0), text, null, null, [])], ServeOptions.Default, CancellationToken.None).ConfigureAwait(false);
        _ = answer.Records[0].Prediction ?? throw new InvalidOperationException("A text was not answered.");
        return answer.Timing;
    }

    private static void Print(string name, int clients, ClosedLoad load, double? bare) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {clients} | {load.Rate:F1} | {load.Best:F1} | {load.Percentile(0.5):F0} | {load.Percentile(0.99):F0} |{(bare is { } limit ? string.Create(CultureInfo.InvariantCulture, $" {load.Rate / limit:F2} |") : string.Empty)}"));

    private static int Number(string[] args, int index, int usual) =>
        args.Length > index && int.TryParse(args[index], CultureInfo.InvariantCulture, out var value) ? value : usual;

    private static string? Shared()
    {
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            if (Path.Combine(folder.FullName, "shared", "data") is var data && Directory.Exists(data))
            {
                return data;
            }
        }

        return null;
    }
}
