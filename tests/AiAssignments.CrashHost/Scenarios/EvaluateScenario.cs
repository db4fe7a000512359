using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Evaluations;
using AiAssignments.Embedded;
using AiAssignments.Embedded.Blobs;
using AiAssignments.Evaluation.Reports;
using AiAssignments.Inference.Runtime;
using AiAssignments.Inference.Scoring;

namespace AiAssignments.CrashHost.Scenarios;

/// <summary>
/// The main job: register a model, take a dataset in, evaluate it in small shards. Arguments: model folder, dataset, and the blob write at which to die (0: none);
/// then, for blobs in an emulator, its address and what its containers' names begin with: it dies before or after that request to it.
/// What it finds: a hash of all figures that must repeat, the hash of the predictions, and every blob that is left.
/// </summary>
public sealed class EvaluateScenario : IScenario
{
    public string Name => "evaluate";

    public async Task<string> RunAsync(Stage stage, CancellationToken cancellationToken)
    {
        var counter = new KillingStream.Counter(long.Parse(stage.Arguments[2], CultureInfo.InvariantCulture));
        using var account = stage.Arguments.Count > 4
            ? await StorageAccount.OpenAsync(stage.Arguments[3], stage.Arguments[4], counter, stage.Before, cancellationToken)
            : null;
        var runtime = await EmbeddedRuntime.OpenAsync(
            new EmbeddedOptions
            {
                DataFolder = stage.Folder,
                Blobs = account?.Blobs,
                JournalObserver = stage.Observer,
                CreateTemporary = file => new KillingStream(FolderBlobStore.CreateTemporary(file), counter),
                Scoring = new ScorerOptions { Runtime = new RuntimeOptions { IntraOpThreads = 1 } },
            },
            cancellationToken);
        await using (runtime)
        {
            var model = await runtime.Models.RegisterAsync(stage.Arguments[0], null, activate: true, cancellationToken);
            var dataset = await runtime.Datasets.RegisterAsync(stage.Arguments[1], DatasetOptions.Default, cancellationToken);
            var (id, _) = await runtime.Evaluations.StartAsync(
                model, dataset, new EvaluationOptions { ShardRecords = 40, BootstrapSamples = 100 }, cancellationToken);
            var job = await runtime.Evaluations.WaitAsync(id, cancellationToken);
            var outcome = job.Outcome ?? throw new InvalidOperationException($"{job.Status}: {job.Problem}");
            var report = await runtime.OpenBlobAsync(outcome.ReportFolder + "report.json", cancellationToken);
            var result = await JsonReport.ReadAsync(report, cancellationToken);
            await report.DisposeAsync();
            var figures = JsonSerializer.SerializeToUtf8Bytes(
                new { result.Counts, result.Classification, result.Entities, result.Slices, result.Mistakes, result.BadRecords, result.Notes, result.Options, result.Model, result.Dataset },
                ReportJson.Options);
            var rows = await runtime.OpenBlobAsync(outcome.ReportFolder + "predictions.jsonl", cancellationToken);
            var predictions = await SHA256.HashDataAsync(rows, cancellationToken);
            await rows.DisposeAsync();
            Console.WriteLine($"{(account is null ? "writes" : "requests")} {counter.Writes}");
            var left = account is null ? string.Empty : await account.LeftoversAsync(cancellationToken);
            return string.Join(' ', [result.Counts.Scored.ToString(CultureInfo.InvariantCulture), Convert.ToHexStringLower(SHA256.HashData(figures)), Convert.ToHexStringLower(predictions), Leftovers.HashOf(stage.Folder), left]).TrimEnd();
        }
    }
}
