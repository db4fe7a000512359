using System.Diagnostics;
using System.Globalization;
using AiAssignments.Benchmarks.Load;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Runtime;
using AiAssignments.LoadTesting.Reports;
using AiAssignments.Onnx.Shapes;
using Google.Protobuf;

namespace AiAssignments.Benchmarks.Gateway;

/// <summary>
/// Uncached predictions over HTTP with a DistilBERT shape (6 layers, hidden 768, random weights) on texts of 20 to 40 tokens, each sent once: this gateway
/// beside a Node server on onnxruntime-node with Hugging Face's tokenizers, same graph, same load, in turn.
/// </summary>
public static class PeerBenchmark
{
    private const int Texts = 40_000;
    private static readonly int[] Concurrency = [1, 16, 64];

    /// <summary>Arguments: seconds a measurement (default 15), rounds (default 2).</summary>
    public static int Run(string[] args)
    {
        int Number(int index, int usual) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : usual;
        return RunAsync(TimeSpan.FromSeconds(Number(0, 15)), Number(1, 2)).GetAwaiter().GetResult();
    }

    private static async Task<int> RunAsync(TimeSpan time, int rounds)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "AiAssignments.sln")))
        {
            root = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(root)) ?? throw new InvalidOperationException("This runs inside the checkout.");
        }

        var peer = Path.Combine(root, "tests", "AiAssignments.Benchmarks", "Gateway", "peer");
        var vocabulary = Path.Combine(root, "..", "shared", "data", "tokenizers", "bert-base-uncased");
        if (!Directory.Exists(vocabulary) || !Directory.Exists(Path.Combine(peer, "node_modules")))
        {
            Console.WriteLine("Needs shared/data and, in Gateway/peer: npm ci --ignore-scripts");
            return 1;
        }

        var folder = Directory.CreateTempSubdirectory("aia-peer-").FullName;
        try
        {
            var model = WriteModel(folder, vocabulary);
            var data = Path.Combine(folder, "data");
            Aia("models", "add", model, "--data", data);
            var texts = MakeTexts(Path.Combine(vocabulary, "vocab.txt"));
            var threads = Cores.Physical.ToString(CultureInfo.InvariantCulture);
            using var gateway = await ServerProcess.StartAsync(
                "dotnet",
                port => ["exec", Path.Combine(AppContext.BaseDirectory, "AiAssignments.Local.dll"), "--data", data, "--urls", $"http://127.0.0.1:{port}", "--samples", "false"],
                "/api/health/ready").ConfigureAwait(false);
            using var node = await ServerProcess.StartAsync(
                "node",
                port => [Path.Combine(peer, "server.mjs"), port.ToString(CultureInfo.InvariantCulture), Path.Combine(model, "model.onnx"), Path.Combine(vocabulary, "tokenizer.json"), threads],
                "/ready").ConfigureAwait(false);
            var ours = texts.ConvertAll(text => HttpRequests.PostJson("/api/models/distilbert-shape/predict", $$"""{"text":"{{text}}"}"""));
            var theirs = texts.ConvertAll(text => HttpRequests.PostJson("/predict", $$"""{"text":"{{text}}"}"""));
            long nextOurs = 0, nextTheirs = 0;
            Task<LoadReport> Ours(int users, TimeSpan length) => OfferedLoad.ClosedAsync(gateway.Address, users, length, _ => ours[(int)(Interlocked.Increment(ref nextOurs) % Texts)]);
            Task<LoadReport> Theirs(int users, TimeSpan length) => OfferedLoad.ClosedAsync(node.Address, users, length, _ => theirs[(int)(Interlocked.Increment(ref nextTheirs) % Texts)]);

            await Ours(16, time / 2).ConfigureAwait(false);
            await Theirs(16, time / 2).ConfigureAwait(false);
            Console.WriteLine("| clients | gateway requests/s | p50 ms | p99 ms | Node requests/s | p50 ms | p99 ms | requests/s ratio | p99 ratio |");
            Console.WriteLine("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
            foreach (var users in Concurrency)
            {
                var pairs = new List<(LoadReport Ours, LoadReport Theirs)>();
                for (var round = 0; round < rounds; round++)
                {
                    pairs.Add((await Ours(users, time).ConfigureAwait(false), await Theirs(users, time).ConfigureAwait(false)));
                }

                var (a, b) = (pairs.Select(pair => pair.Ours).MaxBy(result => result.Requests.PerSecond)!, pairs.Select(pair => pair.Theirs).MaxBy(result => result.Requests.PerSecond)!);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {users} | {a.Requests.PerSecond:F1} | {a.Latency!.Median:F1} | {a.Latency.P99:F1} | {b.Requests.PerSecond:F1} | {b.Latency!.Median:F1} | {b.Latency.P99:F1} | **{a.Requests.PerSecond / b.Requests.PerSecond:F2}** | {a.Latency.P99 / b.Latency.P99:F2} |"));
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nResident memory: gateway {gateway.ResidentMiB:F0} MiB, Node {node.ResidentMiB:F0} MiB."));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string WriteModel(string folder, string vocabulary)
    {
        var model = Directory.CreateDirectory(Path.Combine(folder, "distilbert-shape")).FullName;
        using (var file = File.Create(Path.Combine(model, "model.onnx")))
        {
            BertShape.Build(new(Layers: 6, Hidden: 768, Heads: 12, Intermediate: 3072), 1).WriteTo(file);
        }

        foreach (var name in new[] { "tokenizer.json", "tokenizer_config.json" })
        {
            File.Copy(Path.Combine(vocabulary, name), Path.Combine(model, name));
        }

        var card = new ModelCard { Name = "distilbert-shape", Version = "1", Task = ModelTask.TextClassification, Labels = ["no", "yes"], Tokenizer = new("huggingface", 512) };
        File.WriteAllText(Path.Combine(model, ModelCardJson.FileName), ModelCardJson.Write(card));
        return model;
    }

    // Whole words of the vocabulary, so that a text of n words has n + 2 tokens.
    private static List<string> MakeTexts(string vocabulary)
    {
        var words = File.ReadLines(vocabulary).Where(word => word.Length > 2 && word.All(char.IsAsciiLetterLower)).ToArray();
        var random = new Random(5);
        return [.. Enumerable.Range(0, Texts).Select(_ => string.Join(' ', Enumerable.Range(0, random.Next(18, 39)).Select(_ => words[random.Next(words.Length)])))];
    }

    private static void Aia(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "aia.dll"), .. arguments]) { RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"aia {string.Join(' ', arguments)} ended with {process.ExitCode}.");
        }
    }
}
