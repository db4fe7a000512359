using System.Diagnostics;
using System.Globalization;
using AiAssignments.Core.Models;
using AiAssignments.Embedded.Documents;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Caching;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Predictions;

namespace AiAssignments.Benchmarks.Caching;

/// <summary>What a cached prediction costs without HTTP: time and bytes an ask, beside the parts that no cache with such keys can do without.</summary>
public static class CacheBenchmark
{
    private const int Warmup = 100_000;
    private const int Asks = 500_000;

    /// <summary>Prints the table.</summary>
    /// <param name="args">None.</param>
    public static int Run(string[] args)
    {
        var file = Path.Combine(Path.GetTempPath(), $"cache-benchmark-{Guid.NewGuid():N}.db");
        try
        {
            using var documents = new SqliteDocumentStore(file);
            using var caches = new PipelineCaches(new CacheOptions(), null, TimeProvider.System);
            Measure(new InvalidatingDocumentStore(documents, caches.Queries), caches);
            return 0;
        }
        finally
        {
            foreach (var left in Directory.EnumerateFiles(Path.GetTempPath(), Path.GetFileName(file) + "*"))
            {
                File.Delete(left);
            }
        }
    }

    private static void Measure(InvalidatingDocumentStore documents, PipelineCaches caches)
    {
        var version = new ModelVersion
        {
            Card = new ModelCard { Name = "topic", Version = "1", Task = ModelTask.TextClassification, Labels = ["World", "Sports", "Business", "Sci/Tech"] },
            ContentHash = "sha256:00",
            SizeBytes = 1,
            Parameters = 1,
            Files = [],
            RegisteredAt = DateTimeOffset.UnixEpoch,
            Active = true,
        };
        documents.PutAsync("models", "all", version.Reference, version, null, CancellationToken.None).GetAwaiter().GetResult();
        var predictor = caches.Wrap(new Constant(), new ModelRegistry(null!, documents, TimeProvider.System));
        var model = new ServedModel(version);
        PredictionInput[] one = [PredictionInput.OfText(string.Join(' ', Enumerable.Range(0, 30).Select(i => $"word{i}")), null)];
        PredictionInput[] ten = [.. Enumerable.Range(0, 10).Select(i => PredictionInput.OfText($"{i} {one[0].Text}", null))];

        Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}; texts of {one[0].Text!.Length} characters, 4 labels; everything is a hit in memory.");
        Console.WriteLine();
        Console.WriteLine("| what | ns | bytes |");
        Console.WriteLine("| --- | --: | --: |");
        Row("key of one text (SHA-256)", () => PredictionKey.Of(model, one[0], 8, false));
        Row("cached prediction, one text", () => Ask(predictor, one));
        Row("cached prediction, list of ten texts", () => Ask(predictor, ten));
        Row("cached query (one tag)", () => caches.Queries.GetOrSetAsync("k", [CacheTags.Models], _ => Task.FromResult("v"), CancellationToken.None).AsTask().Wait());
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"All cores at once, one text each: {Parallel(predictor, one):N0} a second."));
    }

    private static void Ask(IPredictor predictor, PredictionInput[] inputs)
    {
        var asked = predictor.PredictAsync("topic", null, inputs, PredictionOptions.Default, CancellationToken.None);
        asked.GetAwaiter().GetResult();
    }

    private static double Parallel(IPredictor predictor, PredictionInput[] inputs)
    {
        var watch = Stopwatch.StartNew();
        System.Threading.Tasks.Parallel.For(0, Environment.ProcessorCount, _ =>
        {
            for (var i = 0; i < Asks; i++)
            {
                Ask(predictor, inputs);
            }
        });
        return (double)Asks * Environment.ProcessorCount / watch.Elapsed.TotalSeconds;
    }

    // The median of five rounds.
    private static void Row(string name, Action action)
    {
        for (var i = 0; i < Warmup; i++)
        {
            action();
        }

        var rounds = new List<double>();
        var bytes = 0.0;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < Asks / 5; i++)
            {
                action();
            }

            rounds.Add(watch.Elapsed.TotalNanoseconds / (Asks / 5));
            bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (Asks / 5.0);
        }

        rounds.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {rounds[2]:F0} | {bytes:F0} |"));
    }

    private sealed class Constant : IPredictor
    {
        public Task<PredictionResult> PredictAsync(string name, string? version, IReadOnlyList<PredictionInput> inputs, PredictionOptions options, CancellationToken cancellationToken)
        {
            var answer = new PredictionAnswer([new("World", 0.7f), new("Sports", 0.1f), new("Business", 0.1f), new("Sci/Tech", 0.1f)], null, false, null);
            return Task.FromResult(new PredictionResult(new ModelKey(name, "1"), [.. inputs.Select(_ => answer)], default, 0));
        }
    }
}
