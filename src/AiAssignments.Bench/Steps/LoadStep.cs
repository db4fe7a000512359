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
    // From this share of failed requests on, so many users are not served.
    private const double FailuresBorne = 0.01;

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    private BenchLoad? load;
    private int runs;

    public string Name => scenario.Subject;

    public IReadOnlySet<BenchSection> Sections { get; } = new HashSet<BenchSection> { BenchSection.ResponseTimes, BenchSection.Throughput, BenchSection.Resources };

    public bool Writes => scenario.Clean is not null;

    // A while of load that counts nowhere: what a server compiles and loads with its first requests would make the first round another thing than the others.
    public async Task PrepareAsync(BenchContext context, CancellationToken cancellationToken)
    {
        load = context.Options.Baseline?.Loads.GetValueOrDefault(scenario.Id);
        await OfferAsync(context, new ClosedModel(scenario.Users), null, 2 * context.Pace.WarmUp, cancellationToken).ConfigureAwait(false);
    }

    public async Task RunAsync(BenchContext context, int round, CancellationToken cancellationToken)
    {
        if (load is null || context.Wants(BenchSection.Throughput) || context.Wants(BenchSection.Resources))
        {
            using var watch = await ResourceWatch.BeginAsync(context.Installation, cancellationToken).ConfigureAwait(false);
            var closed = await OfferAsync(context, new ClosedModel(scenario.Users), null, context.Pace.Run, cancellationToken).ConfigureAwait(false);
            var use = await watch.EndAsync(cancellationToken).ConfigureAwait(false);
            Throughput(context, closed);
            Resources(context, closed, use);
            load ??= new BenchLoad(Round(Math.Min(scenario.Rate, Math.Max(1, closed.Requests.PerSecond / 2))), Math.Min(scenario.Connections, context.Pace.MostConnections));
        }

        if (context.Wants(BenchSection.ResponseTimes) || context.Wants(BenchSection.Throughput))
        {
            var open = await OfferAsync(context, OpenModel.Of(RateProfile.Constant(load.PerSecond), null, context.Pace.WarmUp), load.Connections, context.Pace.Run, cancellationToken).ConfigureAwait(false);
            ResponseTimes(context, open);
        }

        context.Collector.Loads[scenario.Id] = load;
    }

    public Task CleanAsync(BenchContext context) => Task.CompletedTask;

    private async Task<LoadReport> OfferAsync(BenchContext context, LoadModel model, int? connections, TimeSpan time, CancellationToken cancellationToken)
    {
        var installation = context.Installation;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var requests = scenario.Requests(context, string.Create(CultureInfo.InvariantCulture, $"{context.RunId}{++runs}"));
        var plan = new LoadPlan
        {
            Target = await installation.TargetOfAsync(scenario.Path, scenario.Protocol, cancellationToken).ConfigureAwait(false),
            Requests = scenario.MostRequests is { } most ? new CountedRequests(requests, most, () => _ = enough.CancelAsync()) : requests,
            Model = model,
            Headers = installation.Headers(scenario.ContentType),
            Duration = time,
            WarmUp = context.Pace.WarmUp,
            Connections = connections,
            Timeout = RequestTimeout,
            Stability = null,
            AnyCertificate = installation.AnyCertificate,
            WebSocket = scenario.WebSocket,
        };
        var report = await LoadTest.RunAsync(plan, null, enough.Token).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (scenario.Clean is not null)
        {
            await scenario.Clean(context, cancellationToken).ConfigureAwait(false);
        }

        return report;
    }

    private void Throughput(BenchContext context, LoadReport closed)
    {
        if (!scenario.HasThroughput)
        {
            return;
        }

        var text = string.Create(CultureInfo.InvariantCulture, $"{scenario.Users} users who each wait for their answer");
        context.Add(Figure(BenchSection.Throughput, "requests-per-second", "requests/s", "/s", BenchDirection.Higher), closed.Requests.PerSecond, text);
        context.Add(Figure(BenchSection.Throughput, "megabytes-per-second", "MB/s", "MB/s", BenchDirection.Higher), Megabytes(closed), text);
        Complain(context, closed);
    }

    private void ResponseTimes(BenchContext context, LoadReport open)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{load!.PerSecond:N0} requests/s over {load.Connections:N0} connections");
        if (open.Latency is { } latency)
        {
            context.Add(Figure(BenchSection.ResponseTimes, "average", "average", "ms", BenchDirection.Lower), latency.Average, text);
            context.Add(Figure(BenchSection.ResponseTimes, "p95", "p95", "ms", BenchDirection.Lower), latency.P95, text);
            context.Add(Figure(BenchSection.ResponseTimes, "p99", "p99", "ms", BenchDirection.Lower), latency.P99, text);
        }

        if (scenario.HasThroughput)
        {
            var served = 1 - (open.Requests.SuccessRate ?? 0) <= FailuresBorne;
            context.Add(Figure(BenchSection.Throughput, "users", "users at once", "users", BenchDirection.Higher), served ? load.Connections : 0, text);
        }

        Complain(context, open);
    }

    private void Resources(BenchContext context, LoadReport closed, ResourceUse use)
    {
        context.Add(Figure(BenchSection.Resources, "cpu", "CPU", "cores", BenchDirection.Neither), use.Cores);
        context.Add(Figure(BenchSection.Resources, "memory", "memory", "MB", BenchDirection.Neither), use.PeakBytes / 1e6);
        context.Add(Figure(BenchSection.Resources, "storage", "storage I/O", "MB/s", BenchDirection.Neither), use.DiskBytesPerSecond / 1e6);
        context.Add(Figure(BenchSection.Resources, "network", "network I/O", "MB/s", BenchDirection.Neither), Megabytes(closed));
    }

    private static double Megabytes(LoadReport report) => report.Seconds > 0 ? (report.Requests.BytesReceived + report.Requests.BytesSent) / report.Seconds / 1e6 : 0;

    private void Complain(BenchContext context, LoadReport report)
    {
        if (report.Requests.Failed > 0)
        {
            var why = report.Messages.Keys.FirstOrDefault() ?? string.Join(", ", report.Statuses.Keys.Where(status => !status.StartsWith('2')).Take(3));
            context.Collector.Note(string.Create(CultureInfo.InvariantCulture, $"{scenario.Subject}: {report.Requests.Failed:N0} of {report.Requests.Total:N0} requests of a run failed ({(why.Length > 120 ? why[..120] : why)})."));
        }

        if (report.Generator.Bottleneck)
        {
            context.Collector.Note($"{scenario.Subject}: in one run or more the load generator, on the same machine, was itself the bottleneck; its figures are worse than the service's.");
        }
    }

    private BenchFigure Figure(BenchSection section, string id, string name, string unit, BenchDirection better) =>
        new($"{scenario.Id}.{id}", section, scenario.Subject, name, unit, better);

    // Two digits: a rate that can be asked for again.
    private static double Round(double rate)
    {
        var unit = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(rate)) - 1));
        return Math.Max(1, Math.Floor(rate / unit) * unit);
    }
}
