using System.Diagnostics;
using System.Globalization;
using System.Text;
using AiAssignments.Core.Datasets;
using AiAssignments.Evaluation.Datasets.Conll;

namespace AiAssignments.Benchmarks.Datasets;

/// <summary>Speed and memory of planning and reading CoNLL columns, beside a bare pass over the same bytes: <c>[MiB]</c>, default 256.</summary>
public static class ArchiveFormatsBenchmark
{
    /// <summary>Runs it and prints Markdown.</summary>
    public static int Run(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var size = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 256;
        var path = Path.GetTempFileName();
        try
        {
            Write(path, size * 1024L * 1024);
            RunAsync(new FileDataSource(path)).GetAwaiter().GetResult();
            return 0;
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Task RunAsync(FileDataSource source)
    {
        var format = new ConllFormat();
        var description = (await format.RecognizeAsync(source, DatasetOptions.Default, default))!;
        Console.WriteLine("| step | MB/s | ns a record |\n| --- | --- | --- |");
        for (var round = 0; round < 2; round++)
        {
            var watch = Stopwatch.StartNew();
            await PassAsync(source);
            Print("bare pass", source, watch, null);
            watch.Restart();
            var plan = await format.PlanAsync(source, description, 2000, null, default);
            Print("plan", source, watch, plan.RecordCount);
            watch.Restart();
            long records = 0;
            foreach (var shard in plan.Shards)
            {
                await foreach (var batch in format.ReadAsync(source, description, shard, default))
                {
                    records += batch.Records.Count;
                }
            }

            Print("read", source, watch, records);
        }

        Console.WriteLine($"\nPeak working set: {Process.GetCurrentProcess().PeakWorkingSet64 / 1_000_000} MB");
    }

    private static async Task PassAsync(FileDataSource source)
    {
        var buffer = new byte[512 * 1024];
        await using var stream = await source.OpenReadAsync(0, null, default);
        while (await stream.ReadAsync(buffer) > 0)
        {
        }
    }

    private static void Print(string step, FileDataSource source, Stopwatch watch, long? records)
    {
        var seconds = watch.Elapsed.TotalSeconds;
        var each = records is { } count ? (seconds * 1e9 / count).ToString("F0", CultureInfo.InvariantCulture) : "";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {step} | {source.Length / 1e6 / seconds:F0} | {each} |"));
    }

    private static void Write(string path, long size)
    {
        var random = new Random(1);
        var sentence = new StringBuilder();
        using var file = new StreamWriter(path);
        for (long written = 0; written < size; written += sentence.Length)
        {
            sentence.Clear();
            for (var i = random.Next(3, 25); i > 0; i--)
            {
                sentence.Append('w', random.Next(1, 10)).Append(" NNP I-NP ").Append(random.Next(6) == 0 ? "B-PER\n" : "O\n");
            }

            file.Write(sentence.Append('\n'));
        }
    }
}
