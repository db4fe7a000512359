using System.Globalization;
using System.Security.Cryptography;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Evaluations;
using AiAssignments.Embedded;
using AiAssignments.Embedded.Blobs;
using AiAssignments.Inference.Runtime;
using AiAssignments.Inference.Scoring;
using AiAssignments.Pipeline.Optimizations;
using AiAssignments.Pipeline.Optimizations.Passes;

namespace AiAssignments.CrashHost.Scenarios;

/// <summary>
/// An optimization: quantize a model, or teach a student, judge and promote the new version. Arguments: model folder, gate dataset, the blob write at which to die
/// (0: none), <c>quantize</c> or <c>distill</c>, and for that the dataset to learn from.
/// What it finds: the version with the hash of its bytes, the verdict, which version the name stands for, and every blob that is left.
/// </summary>
public sealed class OptimizeScenario : IScenario
{
    public string Name => "optimize";

    public async Task<string> RunAsync(Stage stage, CancellationToken cancellationToken)
    {
        var counter = new KillingStream.Counter(long.Parse(stage.Arguments[2], CultureInfo.InvariantCulture));
        var runtime = await EmbeddedRuntime.OpenAsync(
            new EmbeddedOptions
            {
                DataFolder = stage.Folder,
                JournalObserver = stage.Observer,
                MeasuringTurn = TimeSpan.Zero,
                CreateTemporary = file => new KillingStream(FolderBlobStore.CreateTemporary(file), counter),
                Scoring = new ScorerOptions { Runtime = new RuntimeOptions { IntraOpThreads = 1 } },
            },
            cancellationToken);
        await using (runtime)
        {
            var model = await runtime.Models.RegisterAsync(stage.Arguments[0], null, activate: false, cancellationToken);
            var gate = await runtime.Datasets.RegisterAsync(stage.Arguments[1], DatasetOptions.Default, cancellationToken);
            PassSpec pass = stage.Arguments[3] == "distill"
                ? new DistillSpec { DatasetId = (await runtime.Datasets.RegisterAsync(stage.Arguments[4], DatasetOptions.Default, cancellationToken)).Id, Student = "tiny", Epochs = 2 }
                : new QuantizeSpec();
            var (id, _) = await runtime.Optimizations.StartAsync(
                model, gate, pass, new GateOptions(1, Activate: true), new EvaluationOptions { BootstrapSamples = 100 }, cancellationToken);
            var job = await runtime.Optimizations.WaitAsync(id, cancellationToken);
            var outcome = job.Outcome ?? throw new InvalidOperationException($"{job.Status}: {job.Problem}");
            var version = await runtime.Models.GetAsync(outcome.Candidate, cancellationToken);
            var graph = await File.ReadAllBytesAsync(runtime.FilePath(version.BlobPrefix + "model.onnx"), cancellationToken);
            var active = await runtime.Models.GetAsync(version.Card.Name, cancellationToken);
            Console.WriteLine($"writes {counter.Writes}");
            return string.Join(
                ' ', [version.Reference, version.ContentHash, version.Gate.ToString()!, Convert.ToHexStringLower(SHA256.HashData(graph)), active.Reference, outcome.Verdict, Leftovers.HashOf(stage.Folder)]);
        }
    }
}
