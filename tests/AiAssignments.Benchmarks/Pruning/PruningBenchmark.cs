using System.Globalization;
using System.IO.Compression;
using System.Text;
using AiAssignments.Benchmarks.Quantization;
using AiAssignments.Onnx.Shapes;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Passes;
using AiAssignments.Optimization.Pruning.Magnitude;
using AiAssignments.Optimization.Pruning.Patterns;
using AiAssignments.Optimization.Pruning.Structured;
using AiAssignments.Optimization.Quantization.Numerics;

namespace AiAssignments.Benchmarks.Pruning;

/// <summary>
/// Size, compressed size, speed and (of ResNets) accuracy of pruned models against the model that they were made from, in the same run, in turn. Nothing is trained
/// afterwards. Arguments: rounds (default 9), <c>resnet</c> or <c>bert</c> to run one only, and the data folder (default <c>../shared/data</c>).
/// </summary>
public static class PruningBenchmark
{
    private const int Tokens = 64;
    private const int Images = 64;

    private static (string Name, IGraphPass Pass)[] Passes =>
    [
        ("unstructured, 20 %", new MagnitudePruningPass()),
        ("per layer, 20 %", new MagnitudePruningPass(new() { Scope = PruningScope.PerLayer })),
        ("2:4", new PatternPruningPass()),
        ("structured, 20 %", new StructuredPruningPass()),
        ("structured, 20 %, blocks of 8", new StructuredPruningPass(new() { ChannelMultiple = 8 })),
        ("structured, 50 %", new StructuredPruningPass(new() { Amount = 0.5 })),
    ];

    /// <summary>Runs it and writes Markdown to the console.</summary>
    public static int Run(string[] args)
    {
        var rounds = args.Length > 0 && int.TryParse(args[0], CultureInfo.InvariantCulture, out var asked) ? asked : 9;
        var data = args.FirstOrDefault(Directory.Exists) ?? Path.Combine("..", "shared", "data");
        var folder = Directory.CreateTempSubdirectory("aia-pruning-").FullName;
        try
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} processors, .NET {Environment.Version}, instruction sets: {InstructionSets.Here}; {rounds} rounds in turn\n"));
            if (!args.Contains("bert"))
            {
                ResNets(folder, data, rounds);
            }

            if (!args.Contains("resnet"))
            {
                var source = Path.Combine(folder, "bert.onnx");
                using (var model = OnnxModel.Of(BertShape.Build(new BertOptions(4, 512, 8, 2048), 1)))
                {
                    model.Save(source);
                }

                Compare(folder, string.Create(CultureInfo.InvariantCulture, $"BERT shape (4 layers, 512, 8 heads), random weights, {Tokens} tokens"), source, rounds, null);
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void ResNets(string folder, string data, int rounds)
    {
        string[] files = [.. Enumerable.Range(1, 5).Select(number => Path.Combine(data, "cifar10", $"data_batch_{number}.first1017.bin"))];
        foreach (var name in new[] { "resnet20", "resnet56" })
        {
            var source = Path.Combine(data, "models", "resnet-cifar10", name + ".onnx");
            if (!File.Exists(source) || !Array.TrueForAll(files, File.Exists))
            {
                Console.WriteLine($"{name} is skipped: it, or the images for it, are not in {data}.");
                continue;
            }

            Compare(folder, $"{name}, CIFAR-10", source, rounds, new CifarBatches(files, int.MaxValue));
        }
    }

    private static void Compare(string folder, string title, string source, int rounds, CifarBatches? images)
    {
        var versions = new List<(string Name, string Path, string Parameters)> { ("original", source, "1.000") };
        foreach (var (name, pass) in Passes)
        {
            var target = Path.Combine(folder, $"{versions.Count}.onnx");
            var facts = pass.RunAsync(source, target, null, CancellationToken.None).GetAwaiter().GetResult().Facts.ToDictionary(fact => fact.Name, fact => fact.Value);
            var share = double.Parse(facts["parameters-after"], CultureInfo.InvariantCulture) / double.Parse(facts["parameters-before"], CultureInfo.InvariantCulture);
            versions.Add((name, target, share.ToString("0.000", CultureInfo.InvariantCulture)));
        }

        var timers = versions.Select(version => new TurnTimer(version.Path)).ToList();
        var speeds = new List<double[]>();
        foreach (var (batch, turns) in new[] { (1, rounds), (8, Math.Max(rounds / 2, 3)), (16, Math.Max(rounds / 3, 3)) })
        {
            // A ResNet answers in a millisecond: as many more turns.
            var count = images is null ? turns : turns * 10;
            timers.ForEach(timer => timer.Bind(batch, Tokens));
            for (var round = 0; round < count; round++)
            {
                timers.ForEach(timer => timer.Run());
            }

            speeds.Add([.. timers.Select(timer => timer.Median)]);
        }

        var accuracy = timers.Select(timer => images is null ? double.NaN : Accuracy(timer, images)).ToList();
        timers.ForEach(timer => timer.Dispose());
        var table = new StringBuilder();
        table.AppendLine(CultureInfo.InvariantCulture, $"### {title}{(images is null ? string.Empty : $", {images.Count} training images")}\n");
        table.AppendLine("| version | KB | of original | KB, gzip | of original | parameters | ms, batch 1 | speed-up | ms, batch 8 | speed-up | ms, batch 16 | speed-up | accuracy, % |");
        table.AppendLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        var (size, packed) = (new FileInfo(source).Length, Packed(source));
        foreach (var (at, version) in versions.Index())
        {
            var (bytes, zipped) = (new FileInfo(version.Path).Length, Packed(version.Path));
            var times = string.Join(" | ", speeds.Select(medians => string.Create(CultureInfo.InvariantCulture, $"{medians[at]:0.00} | {medians[0] / medians[at]:0.00}")));
            var right = double.IsNaN(accuracy[at]) ? "-" : accuracy[at].ToString("0.00", CultureInfo.InvariantCulture);
            table.AppendLine(CultureInfo.InvariantCulture, $"| {version.Name} | {bytes / 1e3:0} | {(double)bytes / size:0.000} | {zipped / 1e3:0} | {(double)zipped / packed:0.000} | {version.Parameters} | {times} | {right} |");
        }

        Console.WriteLine(table);
    }

    private static double Accuracy(TurnTimer timer, CifarBatches images)
    {
        var right = 0;
        foreach (var (tensor, first) in images.Tensors(Images))
        {
            right += timer.Classify(tensor.Floats!, (int)tensor.Shape[0]).Index().Count(answer => answer.Item == images.Labels[first + answer.Index]);
        }

        return 100.0 * right / images.Count;
    }

    private static long Packed(string path)
    {
        var counted = new CountingStream();
        using (var zip = new GZipStream(counted, CompressionLevel.Fastest, leaveOpen: true))
        using (var file = File.OpenRead(path))
        {
            file.CopyTo(zip);
        }

        return counted.Length;
    }

    private sealed class CountingStream : Stream
    {
        private long length;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => length;

        public override long Position { get => length; set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count) => length += count;

        public override void Write(ReadOnlySpan<byte> buffer) => length += buffer.Length;

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
