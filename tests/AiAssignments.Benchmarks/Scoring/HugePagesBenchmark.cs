using System.Diagnostics;
using System.Globalization;
using AiAssignments.Inference.Runtime;
using AiAssignments.Onnx.Shapes;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace AiAssignments.Benchmarks.Scoring;

/// <summary>A DistilBERT shape (6 layers, hidden 768), one text of 128 tokens, in processes started with and without huge pages, in turn.</summary>
public static class HugePagesBenchmark
{
    private const string ChildVariable = "AIA_BENCHMARK_MODEL";
    private const int Runs = 15;

    /// <summary>Runs it, or one child of it.</summary>
    /// <param name="args">The number of rounds; default 5.</param>
    public static int Run(string[] args)
    {
        if (Environment.GetEnvironmentVariable(ChildVariable) is { } model)
        {
            return Child(model);
        }

        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
        var path = Path.Combine(Path.GetTempPath(), $"aia-distilbert-shape-{Environment.ProcessId}.onnx");
        try
        {
            using (var file = File.Create(path))
            {
                BertShape.Build(new(6, 768, 12, 3072, 30522, 512, 2), 1).WriteTo(file);
            }

            var times = new Dictionary<string, List<(double Time, double Cpu, long Huge)>>();
            for (var round = 0; round < rounds; round++)
            {
                foreach (var (name, pages, spinning) in new[] { ("off", "0", "0"), ("on", "1", "0"), ("off, spinning", "0", "1"), ("on, spinning", "1", "1") })
                {
                    (times.TryGetValue(name, out var list) ? list : times[name] = []).Add(Start(path, pages, spinning));
                }
            }

            Console.WriteLine("| huge pages | median ms | best ms | median CPU ms | MiB on huge pages |");
            Console.WriteLine("| --- | ---: | ---: | ---: | ---: |");
            foreach (var (name, list) in times)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {Middle(list.Select(one => one.Time)):F0} | {list.Min(one => one.Time):F0} | {Middle(list.Select(one => one.Cpu)):F0} | {list[0].Huge} |"));
            }

            return 0;
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static double Middle(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    private static (double Time, double Cpu, long Huge) Start(string model, string pages, string spinning)
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        }

        foreach (var argument in Environment.GetCommandLineArgs()[1..])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[ChildVariable] = model;
        start.Environment["AIA_BENCHMARK_SPINNING"] = spinning;
        start.Environment["GLIBC_TUNABLES"] = $"glibc.malloc.hugetlb={pages}";
        using var child = Process.Start(start)!;
        var line = child.StandardOutput.ReadToEnd().Trim().Split('\n')[^1];
        child.WaitForExit();
        var fields = line.Split(' ');
        return (double.Parse(fields[0], CultureInfo.InvariantCulture), double.Parse(fields[1], CultureInfo.InvariantCulture), long.Parse(fields[2], CultureInfo.InvariantCulture));
    }

    private static int Child(string model)
    {
        var spinning = Environment.GetEnvironmentVariable("AIA_BENCHMARK_SPINNING") == "1";
        using var loaded = InferenceSessionFactory.Open(model, RuntimeOptions.Default with { Spinning = spinning });
        using var options = new RunOptions();
        var ids = Enumerable.Range(1000, 128).Select(id => (long)id).ToArray();
        long[] shape = [1, 128];
        using var idValue = OrtValue.CreateTensorValueFromMemory(ids, shape);
        using var maskValue = OrtValue.CreateTensorValueFromMemory(Enumerable.Repeat(1L, 128).ToArray(), shape);
        using var typeValue = OrtValue.CreateTensorValueFromMemory(new long[128], shape);
        var (times, cpu) = (new List<double>(), new List<double>());
        for (var run = 0; run < Runs; run++)
        {
            using var process = Process.GetCurrentProcess();
            var before = process.TotalProcessorTime;
            var watch = Stopwatch.StartNew();
            using var results = loaded.Session.Run(options, ["input_ids", "attention_mask", "token_type_ids"], [idValue, maskValue, typeValue], ["logits"]);
            times.Add(watch.Elapsed.TotalMilliseconds);
            process.Refresh();
            cpu.Add((process.TotalProcessorTime - before).TotalMilliseconds);
        }

        // The first runs ask the kernel for memory.
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Middle(times.Skip(3))} {Middle(cpu.Skip(3))} {HugeMebibytes()}"));
        return 0;
    }

    private static long HugeMebibytes() =>
        File.Exists("/proc/self/smaps_rollup")
            && File.ReadLines("/proc/self/smaps_rollup").FirstOrDefault(line => line.StartsWith("AnonHugePages:", StringComparison.Ordinal)) is { } line
            ? long.Parse(line["AnonHugePages:".Length..].Replace("kB", string.Empty, StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) / 1024
            : 0;
}
