using System.Globalization;
using System.Text;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Tokenization;
using Microsoft.ML.Tokenizers;

namespace AiAssignments.Benchmarks.Tokenization;

/// <summary>
/// Tokenizer throughput on one core over news and film reviews, in bytes of UTF-8 input a second, with the bytes allocated for a token, beside
/// Microsoft.ML.Tokenizers in the same run. Both make the ids of whole texts; ours makes offsets and word ids too.
/// </summary>
public static class TokenizationBenchmark
{
    private const int Rounds = 5;

    /// <summary>Runs it and writes <c>results.md</c> beside this file.</summary>
    /// <param name="args">None are read.</param>
    /// <returns>0; 1 where the shared data is absent.</returns>
    public static int Run(string[] args)
    {
        var root = BenchmarkTexts.RepositoryRoot();
        var shared = Path.Combine(root, "..", "shared", "data");
        if (!Directory.Exists(shared))
        {
            Console.Error.WriteLine("The benchmark needs shared/data beside the checkout.");
            return 1;
        }

        var bertFolder = Path.Combine(shared, "tokenizers", "bert-base-uncased");
        var bpeFolder = Directory.CreateTempSubdirectory("aia-bench-").FullName;
        try
        {
            BenchmarkTexts.WriteBpeFiles(Path.Combine(root, "tests", "AiAssignments.Tests", "Tokenization", "definitions", "gpt2.json"), bpeFolder);
            var rows = new List<string>();
            foreach (var (name, texts) in new[] { ("AG News", BenchmarkTexts.News(shared)), ("IMDB", BenchmarkTexts.Reviews(shared, 4000)) })
            {
                var wordPiece = TokenizerLoader.Load(bertFolder, new TokenizerSpec("huggingface", 512));
                var bpe = TokenizerLoader.Load(bpeFolder, new TokenizerSpec("bpe", 512));
                var peerWordPiece = BertTokenizer.Create(Path.Combine(bertFolder, "vocab.txt"));
                using var vocabulary = File.OpenRead(Path.Combine(bpeFolder, "vocab.json"));
                using var merges = File.OpenRead(Path.Combine(bpeFolder, "merges.txt"));
                var peerBpe = CodeGenTokenizer.Create(vocabulary, merges);
                rows.AddRange(Compare($"WordPiece, {name}", texts, wordPiece, text => peerWordPiece.EncodeToIds(text).Count));
                rows.AddRange(Compare($"byte-level BPE, {name}", texts, bpe, text => peerBpe.EncodeToIds(text).Count));
            }

            Write(Path.Combine(root, "tests", "AiAssignments.Benchmarks", "Tokenization", "results.md"), rows);
            return 0;
        }
        finally
        {
            Directory.Delete(bpeFolder, recursive: true);
        }
    }

    private static IEnumerable<string> Compare(string name, string[] texts, ITokenizer ours, Func<string, int> peer)
    {
        var encoding = new Inference.Tokenization.Encoding();
        int Encode(string text)
        {
            ours.Encode(text, default, false, int.MaxValue, encoding);
            return encoding.Count;
        }

        var own = Measure(texts, Encode);
        var other = Measure(texts, peer);
        yield return Row(name, "this project", own, own.Rate / other.Rate);
        yield return Row(name, "Microsoft.ML.Tokenizers 2.0.1", other, 1);
    }

    private static Measurement Measure(string[] texts, Func<string, int> encode)
    {
        var bytes = texts.Sum(text => (long)System.Text.Encoding.UTF8.GetByteCount(text));
        var rates = new List<double>();
        var (tokens, allocated) = (0L, 0L);
        for (var round = 0; round <= Rounds; round++)
        {
            tokens = 0;
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Environment.CpuUsage.TotalTime;
            foreach (var text in texts)
            {
                tokens += encode(text);
            }

            // The first round warms up.
            if (round > 0)
            {
                rates.Add(bytes / (Environment.CpuUsage.TotalTime - start).TotalSeconds / 1e6);
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        rates.Sort();
        return new Measurement(rates[Rounds / 2], rates[0], rates[^1], tokens, (double)allocated / tokens);
    }

    private static string Row(string name, string who, Measurement m, double ratio) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {who} | {m.Rate:F1} | {m.Slowest:F1}-{m.Fastest:F1} | {m.Tokens:N0} | {m.AllocatedPerToken:F2} | {ratio:F1} |");

    private static void Write(string path, List<string> rows)
    {
        var text = new StringBuilder();
        text.AppendLine("# Tokenization");
        text.AppendLine();
        text.AppendLine("One thread, whole texts without truncation; median of five rounds after one to warm up. MB are 10^6 bytes of UTF-8 input, and");
        text.AppendLine("seconds are of processor time (garbage collection included), as the machine is shared with other work.");
        text.AppendLine("WordPiece has the published bert-base-uncased vocabulary, BPE the small one of the tests. The peer's WordPiece drops tokens,");
        text.AppendLine("so its count is lower; ours makes offsets and word ids besides ids. Machine: AMD EPYC (Zen 3), 2 cores, shared.");
        text.AppendLine();
        text.AppendLine("| what | who | MB/s | slowest-fastest | tokens | bytes allocated per token | ratio to the peer |");
        text.AppendLine("| --- | --- | ---: | ---: | ---: | ---: | ---: |");
        rows.ForEach(row => text.AppendLine(row));
        File.WriteAllText(path, text.ToString().ReplaceLineEndings("\n"));
        Console.Write(text);
    }

    private sealed record Measurement(double Rate, double Slowest, double Fastest, long Tokens, double AllocatedPerToken);
}
