using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AiAssignments.Core.Datasets;
using AiAssignments.Evaluation.Datasets;
using Sylvan.Data.Csv;

namespace AiAssignments.Benchmarks.Reading;

/// <summary>
/// Reading and planning of CSV and JSON Lines on one core, beside a peer in the same run, and the working set from a small file to a large one.
/// Arguments: <c>--small MB</c> (10), <c>--large MB</c> (2048), <c>--speed MB</c> (256), <c>--rounds N</c> (5, best of), <c>--out FILE</c>.
/// </summary>
public static class ReadingBenchmark
{
    private const int ShardRecords = 4096;

    /// <summary>Runs it and writes Markdown.</summary>
    public static int Run(string[] args)
    {
        if (args is ["--measure", var measured])
        {
            return Measure(measured);
        }

        var speedBytes = Number(args, "--speed", 256) * 1_000_000L;
        var rounds = (int)Number(args, "--rounds", 5);
        var folder = Directory.CreateTempSubdirectory("aia-reading-").FullName;
        try
        {
            var report = new StringBuilder();
            var csv = Path.Combine(folder, "speed.csv");
            var jsonl = Path.Combine(folder, "speed.jsonl");
            SyntheticTexts.WriteCsv(csv, speedBytes);
            SyntheticTexts.WriteJsonLines(jsonl, speedBytes);
            Speed(report, csv, jsonl, rounds);
            Memory(report, folder, [Number(args, "--small", 10) * 1_000_000L, Number(args, "--large", 2048) * 1_000_000L]);
            Console.WriteLine(report);
            if (Text(args, "--out") is { } path)
            {
                File.WriteAllText(path, report.ToString());
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Speed(StringBuilder report, string csv, string jsonl, int rounds)
    {
        var cases = new (string Name, string File, Func<string, long> Run)[]
        {
            ("CSV records, ours", csv, ReadOurs),
            ("CSV records, Sylvan.Data.Csv 1.4.4 (two strings a row)", csv, ReadSylvan),
            ("JSON Lines records, ours", jsonl, ReadOurs),
            ("JSON Lines records, JsonSerializer a line", jsonl, ReadSerializer),
            ("CSV plan, ours", csv, Plan),
            ("JSON Lines plan, ours", jsonl, Plan),
            ("bound for plans: read and count LF (vectorized)", csv, CountLines),
        };
        var best = new double[cases.Length];
        var counts = new long[cases.Length];
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < cases.Length; i++)
            {
                var watch = Stopwatch.StartNew();
                counts[i] = cases[i].Run(cases[i].File);
                best[i] = Math.Max(best[i], new FileInfo(cases[i].File).Length / watch.Elapsed.TotalSeconds / 1e6);
            }
        }

        report.AppendLine(CultureInfo.InvariantCulture, $"Best of {rounds} rounds, all cases interleaved in one process, warm page cache, one thread at a time.").AppendLine();
        report.AppendLine("| case | MB/s | records |").AppendLine("| --- | ---: | ---: |");
        for (var i = 0; i < cases.Length; i++)
        {
            report.AppendLine(CultureInfo.InvariantCulture, $"| {cases[i].Name} | {best[i]:N0} | {counts[i]:N0} |");
        }

        report.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Ratios: CSV to Sylvan {best[0] / best[1]:0.00}; JSON Lines to JsonSerializer {best[2] / best[3]:0.00}; CSV plan to the bound {best[4] / best[6]:0.00}; JSON Lines plan to the bound {best[5] / best[6]:0.00}.").AppendLine();
    }

    private static void Memory(StringBuilder report, string folder, long[] sizes)
    {
        report.AppendLine("Working set of a fresh process that recognizes, plans and reads the whole file (peak, VmHWM):").AppendLine();
        report.AppendLine("| file | MB | peak working set, MB |").AppendLine("| --- | ---: | ---: |");
        foreach (var size in sizes)
        {
            foreach (var (name, write) in new (string, Action<string, long>)[] { ("data.csv", SyntheticTexts.WriteCsv), ("data.jsonl", SyntheticTexts.WriteJsonLines) })
            {
                var path = Path.Combine(folder, name);
                write(path, size);
                report.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {size / 1_000_000:N0} | {PeakOf(path):N0} |");
                File.Delete(path);
            }
        }
    }

    private static double PeakOf(string path)
    {
        // The integrator's Program hands "reading" on to this class.
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        foreach (var argument in new[] { "reading", "--measure", path })
        {
            start.ArgumentList.Add(argument);
        }

        using var child = Process.Start(start)!;
        var output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return double.Parse(output.Trim(), CultureInfo.InvariantCulture);
    }

    private static int Measure(string path)
    {
        Plan(path);
        ReadOurs(path);
        using var self = Process.GetCurrentProcess();
        Console.WriteLine((self.PeakWorkingSet64 / 1e6).ToString("0.0", CultureInfo.InvariantCulture));
        return 0;
    }

    private static long ReadOurs(string path)
    {
        var source = new FileDataSource(path);
        var (format, description) = DatasetFormats.DetectAsync(source, DatasetOptions.Default, default).AsTask().GetAwaiter().GetResult();
        return ReadAsync(source, format, description).GetAwaiter().GetResult();
    }

    private static async Task<long> ReadAsync(FileDataSource source, IDatasetFormat format, DatasetDescription description)
    {
        // One shard, as if planned: planning is measured by itself.
        var plan = await PlanOnce(source, format, description).ConfigureAwait(false);
        var records = 0L;
        foreach (var shard in plan.Shards)
        {
            await foreach (var batch in format.ReadAsync(source, description, shard, default).ConfigureAwait(false))
            {
                records += batch.Records.Count;
            }
        }

        return records;
    }

    private static readonly Dictionary<string, ShardPlan> Plans = [];

    private static async Task<ShardPlan> PlanOnce(FileDataSource source, IDatasetFormat format, DatasetDescription description)
    {
        var key = $"{source.Name}/{source.Length}";
        if (!Plans.TryGetValue(key, out var plan))
        {
            Plans[key] = plan = await format.PlanAsync(source, description, ShardRecords, null, default).ConfigureAwait(false);
        }

        return plan;
    }

    private static long Plan(string path)
    {
        var source = new FileDataSource(path);
        var (format, description) = DatasetFormats.DetectAsync(source, DatasetOptions.Default, default).AsTask().GetAwaiter().GetResult();
        return format.PlanAsync(source, description, ShardRecords, null, default).AsTask().GetAwaiter().GetResult().RecordCount;
    }

    private static long ReadSylvan(string path)
    {
        using var reader = CsvDataReader.Create(path, new CsvDataReaderOptions { BufferSize = 256 * 1024 });
        var records = 0L;
        var characters = 0L;
        while (reader.Read())
        {
            characters += reader.GetString(0).Length + reader.GetString(1).Length;
            records++;
        }

        return characters < 0 ? -1 : records;
    }

    private static long ReadSerializer(string path)
    {
        var records = 0L;
        foreach (var line in File.ReadLines(path))
        {
            records += JsonSerializer.Deserialize<Line>(line)!.text.Length >= 0 ? 1 : 0;
        }

        return records;
    }

    private static long CountLines(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);
        var buffer = new byte[512 * 1024];
        var lines = 0L;
        while (stream.Read(buffer) is > 0 and var read)
        {
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
        }

        return lines;
    }

    private static long Number(string[] args, string name, long otherwise) => Text(args, name) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static string? Text(string[] args, string name) => Array.IndexOf(args, name) is >= 0 and var i && i + 1 < args.Length ? args[i + 1] : null;

    private sealed record Line(string text, int label);
}
