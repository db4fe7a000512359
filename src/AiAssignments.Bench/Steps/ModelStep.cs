using System.Globalization;
using System.Text.Json;
using AiAssignments.Bench.Installations;
using AiAssignments.Bench.Running;
using AiAssignments.Bench.Table;
using AiAssignments.LoadTesting;
using AiAssignments.LoadTesting.Reports;
using AiAssignments.LoadTesting.Requests;
using AiAssignments.LoadTesting.Targets;

namespace AiAssignments.Bench.Steps;

/// <summary>One registered model at batch 1, 8 and 16: one user over HTTP, each request so many inputs that were never asked before; and what one such request does to the memory.</summary>
internal sealed class ModelStep(RegisteredModel model) : IBenchStep
{
    private const double FailuresBorne = 0.01;

    private int runs;
    private TimeSpan time;

    public string Name => $"Inference of {model.Name}";

    public IReadOnlySet<BenchSection> Sections { get; } = new HashSet<BenchSection> { BenchSection.Models };

    public bool Writes => false;

    public Task PrepareAsync(BenchContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task RunAsync(BenchContext context, int round, CancellationToken cancellationToken)
    {
        time = time == default ? context.Pace.ModelRun : time;
        foreach (var batch in BenchModels.Batches)
        {
            var report = await AskAsync(context, batch, cancellationToken).ConfigureAwait(false);
            while (report.Requests.Total == 0 && BenchPace.LongerThan(time) is { } longer)
            {
                time = longer;
                report = await AskAsync(context, batch, cancellationToken).ConfigureAwait(false);
            }

            if (report.Service is not { } service || report.Requests.Failed > FailuresBorne * report.Requests.Total)
            {
                context.Collector.Note(string.Create(CultureInfo.InvariantCulture, $"{model.Name} at batch {batch}: {report.Requests.Failed:N0} of {report.Requests.Total:N0} requests of a run failed; left out."));
                continue;
            }

            BenchModels.Add(context, $"model.{model.Name}", $"{model.Name}@{model.Version}, over HTTP", batch, service.Average, service.P95, service.Samples, await MemoryAsync(context, runs, batch, cancellationToken).ConfigureAwait(false));
        }
    }

    public Task CleanAsync(BenchContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<LoadReport> AskAsync(BenchContext context, int batch, CancellationToken cancellationToken)
    {
        var (run, installation) = (++runs, context.Installation);
        var plan = new LoadPlan
        {
            Target = await installation.TargetOfAsync(model.PredictPath, LoadProtocol.Http1, cancellationToken).ConfigureAwait(false),
            Requests = new MadeRequests(ordinal => new LoadRequest("POST", model.PredictPath, Body(context, run, ordinal, batch))),
            Model = new ClosedModel(1),
            Headers = installation.Headers("application/json"),
            Duration = time,
            WarmUp = context.Pace.ModelRun / 4,
            Stability = null,
            AnyCertificate = installation.AnyCertificate,
        };
        var report = await LoadTest.RunAsync(plan, null, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return report;
    }

    private async Task<double?> MemoryAsync(BenchContext context, int run, int batch, CancellationToken cancellationToken)
    {
        if (context.Options.ReadOnly)
        {
            return null;
        }

        var answer = await context.Installation.PostAsync($"{model.PredictPath}?profile=memory", Body(context, run, -1, batch), "application/json", cancellationToken).ConfigureAwait(false);
        return answer.Number("memory", "peakManagedBytes") + answer.Number("memory", "peakNativeBytes") is { } gained ? Math.Max(0, gained) : null;
    }

    private byte[] Body(BenchContext context, int run, long ordinal, int batch)
    {
        var inputs = Enumerable.Range(0, batch).Select<int, object>(row => model.Task == "image-classification"
            ? new { image = NoisePng.Create(HashCode.Combine(context.RunId.Length, run, ordinal, row)) }
            : new { text = string.Create(CultureInfo.InvariantCulture, $"The {context.RunId} company of Berlin said on Monday that {run} of its {ordinal} engineers work on satellite number {row}.") });
        return JsonSerializer.SerializeToUtf8Bytes(new { inputs }, JsonSerializerOptions.Web);
    }
}
