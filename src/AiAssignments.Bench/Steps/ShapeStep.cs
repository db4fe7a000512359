using System.Diagnostics;
using System.Globalization;
using AiAssignments.Bench.Running;
using AiAssignments.Bench.Table;
using AiAssignments.Inference.Runtime;
using AiAssignments.Onnx.Shapes;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace AiAssignments.Bench.Steps;

/// <summary>
/// A BERT of true shape and random weights, at batch 1, 8 and 16: the graph alone, in this process, on texts of one length. Speed depends on the shape and not on the weights.
/// Memory is what the process gained by loading the graph and running it up to that batch.
/// </summary>
/// <param name="id">Name in ids.</param>
/// <param name="subject">Name for a person.</param>
/// <param name="shape">Its sizes.</param>
/// <param name="weights">Path of an ONNX file that is run in the place of one with random weights; <c>null</c>: none.</param>
internal sealed class ShapeStep(string id, string subject, BertOptions shape, string? weights) : IBenchStep, IDisposable
{
    private const string BertBase = "bert-base";
    private const string DistilBert = "distilbert";
    private const int MostRuns = 200;

    /// <summary>Names of the shapes, in ids and options.</summary>
    public static IReadOnlyList<string> Names { get; } = [BertBase, DistilBert];

    private readonly RunOptions runOptions = new();
    private string? folder;

    /// <summary>BERT-base, but not in a quick bench (Devlin et al. 2018, table 1's base: 12 layers, 768 wide, 12 heads) and DistilBERT (Sanh et al. 2019: 6 of the layers).</summary>
    public static IEnumerable<ShapeStep> All(BenchOptions options)
    {
        if (!options.Quick || options.Weights.ContainsKey(BertBase))
        {
            yield return Of(BertBase, "BERT-base", new BertOptions(12, 768, 12, 3072), options);
        }

        yield return Of(DistilBert, "DistilBERT", new BertOptions(6, 768, 12, 3072), options);
    }

    public string Name => $"Inference of {subject}";

    public IReadOnlySet<BenchSection> Sections { get; } = new HashSet<BenchSection> { BenchSection.Models };

    public bool Writes => false;

    private string Graph => weights ?? Path.Combine(folder!, "model.onnx");

    public Task PrepareAsync(BenchContext context, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            if (weights is not null)
            {
                return;
            }

            folder = Directory.CreateTempSubdirectory("aia-shape-").FullName;
            using (var file = File.Create(Graph))
            {
                BertShape.Build(shape, 1).WriteTo(file);
            }

            // What building it took must not be taken for what running it takes.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        },
        cancellationToken);

    public Task RunAsync(BenchContext context, int round, CancellationToken cancellationToken) => Task.Run(() => Run(context, cancellationToken), cancellationToken);

    public Task CleanAsync(BenchContext context, CancellationToken cancellationToken)
    {
        if (folder is not null)
        {
            Directory.Delete(folder, recursive: true);
            folder = null;
        }

        return Task.CompletedTask;
    }

    public void Dispose() => runOptions.Dispose();

    private static ShapeStep Of(string id, string name, BertOptions shape, BenchOptions options)
    {
        var weights = options.Weights.GetValueOrDefault(id);
        var whose = weights is null ? "shape, random weights" : $"with the weights of {Path.GetFileName(weights)}";
        return new ShapeStep(id, string.Create(CultureInfo.InvariantCulture, $"{name} {whose}, {options.Tokens} tokens"), shape, weights);
    }

    private void Run(BenchContext context, CancellationToken cancellationToken)
    {
        Collect();
        var before = Resident();
        using var loaded = InferenceSessionFactory.Open(Graph, RuntimeOptions.Default);
        foreach (var batch in BenchModels.Batches.Where(batch => batch <= context.Pace.LargestShapeBatch))
        {
            var inputs = Inputs(loaded.Session, batch, context.Options.Tokens);
            try
            {
                Time(loaded.Session, inputs);
                var times = new List<double>();
                for (var start = Stopwatch.GetTimestamp(); times.Count < MostRuns && (times.Count < context.Pace.FewestRuns || Stopwatch.GetElapsedTime(start) < context.Pace.ShapeRun);)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    times.Add(Time(loaded.Session, inputs));
                }

                times.Sort();
                BenchModels.Add(context, $"shape.{id}", subject, batch, times.Average(), times[(int)Math.Ceiling(times.Count * 0.95) - 1], times.Count, Math.Max(0, Resident() - before));
            }
            finally
            {
                foreach (var input in inputs)
                {
                    input.Dispose();
                }
            }
        }
    }

    private double Time(InferenceSession session, OrtValue[] inputs)
    {
        var start = Stopwatch.GetTimestamp();
        using var outputs = session.Run(runOptions, session.InputNames, inputs, session.OutputNames);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private OrtValue[] Inputs(InferenceSession session, int batch, int tokens)
    {
        var random = new Random(7);
        return [.. session.InputNames.Select(name => OrtValue.CreateTensorValueFromMemory(
            [.. Enumerable.Range(0, batch * tokens).Select(_ => name switch { "input_ids" => random.NextInt64(shape.Vocabulary), "attention_mask" => 1L, _ => 0L })], [batch, tokens]))];
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        NativeHeap.Trim();
    }

    private static long Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
