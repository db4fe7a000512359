using System.Diagnostics;
using System.Globalization;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Runtime;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Tokenization;
using AiAssignments.Onnx.Shapes;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace AiAssignments.Benchmarks.Scoring;

/// <summary>
/// Records per second of a BERT shape (4 layers, hidden 256, random weights) on real texts of mixed length: our scorer from text to prediction, a bare ONNX
/// Runtime loop over rows that are tokenized and sorted already, at the best size of a sweep, and the obvious loop in file order.
/// </summary>
public static class ScoringBenchmark
{
    private static readonly int[] Sizes = [1, 2, 4, 8, 16, 32];

    /// <summary>Runs it and prints Markdown.</summary>
    /// <param name="args">Records (default 200), longest text in tokens (default 256), rounds (default 5).</param>
    public static int Run(string[] args)
    {
        var count = Number(args, 0, 200);
        var longest = Number(args, 1, 256);
        var rounds = Number(args, 2, 5);
        if (Shared() is not { } data)
        {
            Console.WriteLine("shared/data is absent: nothing to measure on.");
            return 1;
        }

        var folder = Directory.CreateTempSubdirectory("aia-scoring-").FullName;
        try
        {
            var vocabulary = Path.Combine(data, "tokenizers", "bert-base-uncased");
            Measure(folder, vocabulary, BenchmarkTexts.Read(data, count), longest, rounds);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(string folder, string vocabulary, List<DatasetRecord> records, int longest, int rounds)
    {
        var card = new ModelCard { Name = "bert-shape", Version = "1", Task = ModelTask.TextClassification, Labels = ["no", "yes"], Tokenizer = new("huggingface", longest) };
        using (var file = File.Create(Path.Combine(folder, "model.onnx")))
        {
            BertShape.Build(new(), 1).WriteTo(file);
        }

        File.WriteAllText(Path.Combine(folder, ModelCardJson.FileName), ModelCardJson.Write(card));
        var package = ModelFolder.Open(folder, new ModelOverrides { TokenizerFolder = vocabulary });
        var tokenizer = TokenizerLoader.Load(package.TokenizerFolder, package.Card.Tokenizer!);
        var rows = records.ConvertAll(record => Ids(tokenizer, (TextRecord)record, longest));
        var sorted = rows.OrderByDescending(row => row.Length).ToList();
        using var scorer = ModelScorer.Create(package, tokenizer);
        using var plain = new InferenceSession(package.OnnxPath);
        using var quiet = InferenceSessionFactory.Open(package.OnnxPath, RuntimeOptions.Default);

        // The bare loop gets its best size, and the better of ONNX Runtime's defaults and our session options.
        var sweep = Sizes.SelectMany(size => new[] { (Size: size, Name: "defaults", Session: plain), (Size: size, Name: "no spinning", Session: quiet.Session) })
            .Select(choice => (Choice: choice, Seconds: Math.Min(BareLoop.Run(choice.Session, sorted, choice.Size), BareLoop.Run(choice.Session, sorted, choice.Size))))
            .OrderBy(tried => tried.Seconds).ToList();
        var (size, name, session) = sweep[0].Choice;
        Ours(scorer, records);
        var (ours, bare, obvious) = (new Contender(records.Count), new Contender(records.Count), new Contender(records.Count));
        for (var round = 0; round < rounds; round++)
        {
            ours.Add(() => Ours(scorer, records));
            bare.Add(() => BareLoop.Run(session, sorted, size));
            obvious.Add(() => BareLoop.Run(plain, rows, 32));
        }

        var invariant = CultureInfo.InvariantCulture;
        Console.WriteLine(string.Create(invariant, $"{records.Count} texts, {rows.Average(row => row.Length):F0} tokens on average, at most {longest}; {rounds} rounds in turn; huge pages {ProcessTuning.Describe()}"));
        Console.WriteLine();
        Console.WriteLine("| | records a second, median | best | records a CPU second, median |");
        Console.WriteLine("| --- | ---: | ---: | ---: |");
        ours.Print("a: our scorer, tokenization included");
        bare.Print($"b: bare loop, tokenized and sorted before, {size} rows a batch (best of the sweep), {name}");
        obvious.Print("c: 32 rows in file order, padded to the longest, defaults");
        Console.WriteLine();
        Console.WriteLine(string.Create(invariant, $"a / b = {ours.Median / bare.Median:F2} (goal 0.9), a / c = {ours.Median / obvious.Median:F2} (goal 1.5); of the best: {ours.Best / bare.Best:F2} and {ours.Best / obvious.Best:F2}; by CPU time: {ours.PerCpuSecond / bare.PerCpuSecond:F2} and {ours.PerCpuSecond / obvious.PerCpuSecond:F2}"));
        Console.WriteLine(string.Create(invariant, $"sweep of b: {string.Join(", ", sweep.OrderBy(tried => tried.Choice.Name).ThenBy(tried => tried.Choice.Size).Select(tried => string.Create(invariant, $"{tried.Choice.Name} {tried.Choice.Size}: {records.Count / tried.Seconds:F0}")))}"));
    }

    private static double Ours(ModelScorer scorer, List<DatasetRecord> records)
    {
        var watch = Stopwatch.StartNew();
        var scored = scorer.ScoreAsync(records, null, CancellationToken.None).GetAwaiter().GetResult();
        return scored.All(one => one.Prediction is not null) ? watch.Elapsed.TotalSeconds : throw new InvalidOperationException("A record was not scored.");
    }

    private static int[] Ids(ITokenizer tokenizer, TextRecord record, int longest)
    {
        var encoding = new Encoding();
        tokenizer.Encode(record.Text, default, false, longest, encoding);
        return encoding.Ids.ToArray();
    }

    private static int Number(string[] args, int index, int usual) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : usual;

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
