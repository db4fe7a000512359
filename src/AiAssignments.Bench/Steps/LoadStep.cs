using System.Globalization;
using AiAssignments.Bench.Installations;
using AiAssignments.Bench.Running;
using AiAssignments.Bench.Table;
using AiAssignments.LoadTesting;
using AiAssignments.LoadTesting.Arrivals;
using AiAssignments.LoadTesting.Reports;

namespace AiAssignments.Bench.Steps;

/// <summary>
/// One service under load, twice a round: users who each wait for their answer, for the throughput and for what the process uses then; and requests at a fixed rate,
/// for the response times, which count from when each was due. The rate is what is wished for, or half of the first throughput where that is less, and the same in all rounds.
/// </summary>
internal sealed class LoadStep(LoadScenario scenario) : IBenchStep
{
    // With fewer answers a throughput is that of a few lucky or unlucky ones.
    private const int FewestAnswers = 10;

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    private readonly LoadFigures figures = new(scenario);
    private BenchLoad? load;
    private TimeSpan time;
    private int runs;
    private bool left;

    public string Name => scenario.Subject;

    public IReadOnlySet<BenchSection> Sections { get; } = scenario.HasThroughput
        ? new HashSet<BenchSection> { BenchSection.ResponseTimes, BenchSection.Throughput, BenchSection.Resources }
        : new HashSet<BenchSection> { BenchSection.ResponseTimes, BenchSection.Resources };

    public bool Writes => scenario.Clean is not null;

    // A while of load that counts nowhere: what a server compiles and loads with its first requests would make the first round another thing than the others.
    public async Task PrepareAsync(BenchContext context, CancellationToken cancellationToken)
    {
        load = context.Options.Baseline?.Loads.GetValueOrDefault(scenario.Id);
        time = context.Pace.Run;
        if (scenario.Prepare is not null)
        {
            context.Collector.Note($"{scenario.Subject}: {await scenario.Prepare(context, cancellationToken).ConfigureAwait(false)}");
        }

        await OfferAsync(context, new ClosedModel(scenario.Users), null, 2 * context.Pace.WarmUp, null, cancellationToken).ConfigureAwait(false);
        await TidyAsync(context, cancellationToken).ConfigureAwait(false);
    }

    public async Task RunAsync(BenchContext context, int round, CancellationToken cancellationToken)
    {
        if (load is null || context.Wants(BenchSection.Throughput) || context.Wants(BenchSection.Resources))
        {
            await MeasureThroughputAsync(context, cancellationToken).ConfigureAwait(false);
        }

        if (context.Wants(BenchSection.ResponseTimes) || context.Wants(BenchSection.Throughput))
        {
            // Long enough for a 99th percentile, where that is not too long.
            var enough = TimeSpan.FromSeconds(Math.Min(context.Pace.Samples / load!.PerSecond, BenchPace.LongestRun.TotalSeconds));
            var open = await OfferAsync(context, OpenModel.Of(RateProfile.Constant(load.PerSecond), null, context.Pace.WarmUp), load.Connections, enough > time ? enough : time, null, cancellationToken).ConfigureAwait(false);
            await TidyAsync(context, cancellationToken).ConfigureAwait(false);
            figures.ResponseTimes(context, open, load);
        }

        context.Collector.Loads[scenario.Id] = load!;
    }

    public Task CleanAsync(BenchContext context, CancellationToken cancellationToken) => left && !context.IsPrivate ? TidyAsync(context, cancellationToken) : Task.CompletedTask;

    private async Task MeasureThroughputAsync(BenchContext context, CancellationToken cancellationToken)
    {
        var (closed, use) = await AskAsync(context, cancellationToken).ConfigureAwait(false);
        while (closed.Requests.Total < FewestAnswers && BenchPace.LongerThan(time) is { } longer)
        {
            time = longer;
            (closed, use) = await AskAsync(context, cancellationToken).ConfigureAwait(false);
        }

        load ??= new BenchLoad(Round(Math.Min(figures.WishedRate(context), Math.Max(1, closed.Requests.PerSecond / 2))), Math.Min(scenario.Connections, context.Pace.MostConnections));
        if (closed.Requests.Total < FewestAnswers)
        {
            context.Collector.Note(string.Create(CultureInfo.InvariantCulture, $"{scenario.Subject}: {closed.Requests.Total:N0} requests were answered in a run of {time.TotalSeconds:0.#} s, which is too few for a throughput."));
            return;
        }

        figures.Throughput(context, closed);
        figures.Resources(context, closed, use);
    }

    private async Task<(LoadReport Report, ResourceUse Use)> AskAsync(BenchContext context, CancellationToken cancellationToken)
    {
        var watch = new ResourceWatch(context.Installation);
        await using (watch.ConfigureAwait(false))
        {
            var closed = await OfferAsync(context, new ClosedModel(scenario.Users), null, time, watch, cancellationToken).ConfigureAwait(false);
            var use = await watch.EndAsync(cancellationToken).ConfigureAwait(false);
            await TidyAsync(context, cancellationToken).ConfigureAwait(false);
            return (closed, use);
        }
    }

    private async Task<LoadReport> OfferAsync(BenchContext context, LoadModel model, int? connections, TimeSpan duration, ILoadObserver? observer, CancellationToken cancellationToken)
    {
        var installation = context.Installation;
        var plan = new LoadPlan
        {
            Target = await installation.TargetOfAsync(scenario.Path, scenario.Protocol, cancellationToken).ConfigureAwait(false),
            Requests = scenario.Requests(context, string.Create(CultureInfo.InvariantCulture, $"{context.RunId}{++runs}")),
            Model = model,
            Headers = installation.Headers(scenario.ContentType),
            Duration = duration,
            WarmUp = context.Pace.WarmUp,
            Connections = connections,
            MostRequests = scenario.MostRequests,
            Timeout = RequestTimeout,
            Stability = null,
            AnyCertificate = installation.AnyCertificate,
            WebSocket = scenario.WebSocket,
        };
        left = true;
        var report = await LoadTest.RunAsync(plan, observer, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return report;
    }

    // After every run, because what all rounds leave would fill a disk.
    private async Task TidyAsync(BenchContext context, CancellationToken cancellationToken)
    {
        if (scenario.Clean is not null)
        {
            await scenario.Clean(context, cancellationToken).ConfigureAwait(false);
        }

        left = false;
    }

    // Two digits: a rate that can be asked for again.
    private static double Round(double rate)
    {
        var unit = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(rate)) - 1));
        return Math.Max(1, Math.Floor(rate / unit) * unit);
    }
}
