using System.Diagnostics;
using System.Globalization;
using System.Text;
using AiAssignments.Optimization.Passes;
using AiAssignments.Optimization.Quantization.Calibration;
using AiAssignments.Optimization.Quantization.Half;
using AiAssignments.Optimization.Quantization.Numerics;
using AiAssignments.Optimization.Quantization.Static;
using Microsoft.ML.OnnxRuntime;

namespace AiAssignments.Benchmarks.Quantization;

/// <summary>What static int8 costs ResNet-20 in accuracy: calibrated on the first half of one file of CIFAR-10, measured on four others.</summary>
internal static class ResNetBenchmark
{
    public static void Run(string folder, string data)
    {
        var source = Path.Combine(data, "models", "resnet-cifar10", "resnet20.onnx");
        string File(int number) => Path.Combine(data, "cifar10", $"data_batch_{number}.first1017.bin");
        if (!System.IO.File.Exists(source) || !System.IO.File.Exists(File(1)))
        {
            Console.WriteLine($"ResNet-20 is skipped: {source} or the images beside it are not here.");
            return;
        }

        var calibration = new CifarBatches([File(1)], 508);
        var measured = new CifarBatches([File(2), File(3), File(4), File(5)], int.MaxValue);
        var table = new StringBuilder();
        table.AppendLine(CultureInfo.InvariantCulture, $"### ResNet-20, CIFAR-10: calibrated on {calibration.Count} images, measured on {measured.Count} others\n");
        table.AppendLine("| version | KB | of float32 | accuracy, % | points lost | answers changed | ms, batch 32 | speed-up |");
        table.AppendLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        var versions = new List<(string Name, IGraphPass? Pass)> { ("float32", null) };
        foreach (var method in Enum.GetValues<CalibrationMethod>())
        {
            versions.Add(($"int8, 7 bits, {method}", new StaticInt8Pass(calibration, new() { Calibration = method, ReducedRange = ReducedRange.On })));
        }

        versions.Add(("int8, 8 bits, MinMax", new StaticInt8Pass(calibration, new() { ReducedRange = ReducedRange.Off })));
        versions.Add(("int8, 7 bits, MinMax, one scale a weight", new StaticInt8Pass(calibration, new() { PerChannel = false, ReducedRange = ReducedRange.On })));
        versions.Add(("int8, 7 bits, MinMax, first and last in float", new StaticInt8Pass(calibration, new() { KeepFirst = true, KeepLast = true, ReducedRange = ReducedRange.On })));
        versions.Add(("float16", new Float16Pass()));
        int[] before = [];
        var (size, time, right) = (0L, 0.0, 0.0);
        foreach (var (name, pass) in versions)
        {
            var path = source;
            if (pass is not null)
            {
                path = Path.Combine(folder, "resnet.onnx");
                pass.RunAsync(source, path, null, CancellationToken.None).GetAwaiter().GetResult();
            }

            var (answers, milliseconds) = Answers(path, measured);
            var bytes = new FileInfo(path).Length;
            var accuracy = 100.0 * answers.Zip(measured.Labels).Count(pair => pair.First == pair.Second) / answers.Length;
            (before, size, time, right) = pass is null ? (answers, bytes, milliseconds, accuracy) : (before, size, time, right);
            var changed = answers.Zip(before).Count(pair => pair.First != pair.Second);
            table.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {bytes / 1e3:0} | {(double)bytes / size:0.000} | {accuracy:0.00} | {right - accuracy:0.00} | {changed} | {milliseconds:0.0} | {time / milliseconds:0.00} |");
        }

        Console.WriteLine(table);
    }

    private static (int[] Answers, double Milliseconds) Answers(string path, CifarBatches images)
    {
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, IntraOpNumThreads = Environment.ProcessorCount };
        using var session = new InferenceSession(path, options);
        using var run = new RunOptions();
        var answers = new int[images.Count];
        var times = new List<double>();
        foreach (var (tensor, first) in images.Tensors(32))
        {
            using var input = OrtValue.CreateTensorValueFromMemory(tensor.Floats!, [.. tensor.Shape]);
            var start = Stopwatch.GetTimestamp();
            using var outputs = session.Run(run, ["input"], [input], session.OutputNames);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            var logits = outputs[0].GetTensorDataAsSpan<float>();
            for (var i = 0; i < tensor.Shape[0]; i++)
            {
                answers[first + i] = System.Numerics.Tensors.TensorPrimitives.IndexOfMax(logits.Slice(i * 10, 10));
            }
        }

        return (answers, times.Order().ElementAt(times.Count / 2));
    }
}
