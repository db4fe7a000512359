using System.Globalization;
using System.Text;
using AiAssignments.Onnx.Shapes;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Passes;
using AiAssignments.Optimization.Quantization.Dynamic;
using AiAssignments.Optimization.Quantization.Half;
using AiAssignments.Optimization.Quantization.NBits;
using AiAssignments.Optimization.Quantization.Numerics;

namespace AiAssignments.Benchmarks.Quantization;

/// <summary>
/// Size and speed of quantized transformers of random weights against their float32 versions in the same run, round by round in turn; and what static int8 costs
/// ResNet-20 in accuracy. Arguments: rounds at batch 1 (default 15), tokens a text (default 128), <c>bert</c>, <c>distilbert</c> and <c>resnet</c> to run some only, and the data folder (default <c>../shared/data</c>).
/// </summary>
public static class QuantizationBenchmark
{
    private static readonly (string Name, BertOptions Options)[] Shapes =
    [
        ("DistilBERT shape (6 layers, 768)", new BertOptions(6, 768, 12, 3072)),
        ("BERT-base shape (12 layers, 768)", new BertOptions(12, 768, 12, 3072)),
    ];

    /// <summary>Runs it and writes Markdown to the console.</summary>
    public static int Run(string[] args)
    {
        var rounds = args.Length > 0 && int.TryParse(args[0], CultureInfo.InvariantCulture, out var asked) ? asked : 15;
        var length = args.Length > 1 && int.TryParse(args[1], CultureInfo.InvariantCulture, out var tokens) ? tokens : 128;
        var folder = Directory.CreateTempSubdirectory("aia-quantization-").FullName;
        try
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} processors, .NET {Environment.Version}, instruction sets: {InstructionSets.Here}; {length} tokens, {rounds} rounds in turn\n"));
            foreach (var (name, options) in Shapes.Where(shape => Asked(args, shape.Options.Layers == 6 ? "distilbert" : "bert")))
            {
                Transformer(folder, name, options, rounds, length);
            }

            if (Asked(args, "resnet"))
            {
                ResNetBenchmark.Run(folder, args.FirstOrDefault(Directory.Exists) ?? Path.Combine("..", "shared", "data"));
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool Asked(string[] args, string what) => !args.Any(arg => arg is "bert" or "distilbert" or "resnet") || args.Contains(what);

    private static void Transformer(string folder, string name, BertOptions options, int rounds, int length)
    {
        var source = Path.Combine(folder, "float32.onnx");
        using (var model = OnnxModel.Of(BertShape.Build(options, 1)))
        {
            model.Save(source);
        }

        (string Name, IGraphPass Pass, bool IsTimed)[] passes =
        [
            ("int8, per channel, 7 bits", new DynamicInt8Pass(new() { ReducedRange = ReducedRange.On }), true),
            ("int8, per channel", new DynamicInt8Pass(new() { ReducedRange = ReducedRange.Off }), true),
            ("int8, one scale a weight", new DynamicInt8Pass(new() { PerChannel = false, ReducedRange = ReducedRange.Off }), true),
            ("uint8, per channel", new DynamicInt8Pass(new() { Symmetric = false, ReducedRange = ReducedRange.Off }), true),
            ("4 bits, blocks of 32", new FourBitPass(), true),
            ("4 bits, blocks of 32, zero points", new FourBitPass(new() { Symmetric = false }), false),
            ("4 bits, blocks of 128", new FourBitPass(new() { BlockSize = 128 }), false),
            ("float16", new Float16Pass(), false),
        ];
        var table = new StringBuilder();
        var size = new FileInfo(source).Length;
        table.AppendLine(CultureInfo.InvariantCulture, $"### {name}\n");
        table.AppendLine("| version | MB | of float32 | ms, batch 1 | speed-up | ms, batch 8 | speed-up | output error (RMS, relative) |");
        table.AppendLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        var files = new List<(string Name, string Path, bool IsTimed)> { ("float32", source, true) };
        foreach (var (version, pass, isTimed) in passes)
        {
            var target = Path.Combine(folder, $"{files.Count}.onnx");
            pass.RunAsync(source, target, null, CancellationToken.None).GetAwaiter().GetResult();
            files.Add((version, target, isTimed));
        }

        var sessions = files.Where(file => file.IsTimed).Select(file => (file.Name, file.Path, Timer: new SessionTimer(file.Path))).ToList();
        var medians = new List<double[]>();
        var errors = new double[sessions.Count];
        foreach (var (batch, count) in new[] { (1, rounds), (8, Math.Max(rounds / 3, 3)) })
        {
            float[] expected = [];
            foreach (var (at, session) in sessions.Index())
            {
                session.Timer.Bind(batch, length, 7);
                var output = session.Timer.Run();
                expected = at == 0 ? output : expected;
                errors[at] = Math.Sqrt(output.Zip(expected).Sum(pair => Math.Pow(pair.First - pair.Second, 2)) / expected.Sum(value => (double)value * value));
                session.Timer.Times.Clear();
            }

            for (var round = 0; round < count; round++)
            {
                sessions.ForEach(session => session.Timer.Run());
            }

            medians.Add([.. sessions.Select(session => session.Timer.Median)]);
        }

        foreach (var (at, file) in files.Index())
        {
            var bytes = new FileInfo(file.Path).Length;
            var timed = sessions.FindIndex(session => session.Path == file.Path);
            var speed = timed < 0 ? "- | - | - | - | -" : string.Create(
                CultureInfo.InvariantCulture,
                $"{medians[0][timed]:0.0} | {medians[0][0] / medians[0][timed]:0.00} | {medians[1][timed]:0.0} | {medians[1][0] / medians[1][timed]:0.00} | {errors[timed]:0.0000}");
            table.AppendLine(CultureInfo.InvariantCulture, $"| {file.Name} | {bytes / 1e6:0.0} | {(double)bytes / size:0.0000} | {speed} |");
        }

        sessions.ForEach(session => session.Timer.Dispose());
        Console.WriteLine(table);
    }
}
