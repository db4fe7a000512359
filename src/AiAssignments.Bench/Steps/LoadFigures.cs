using System.Globalization;
using AiAssignments.Bench.Installations;
using AiAssignments.Bench.Running;
using AiAssignments.Bench.Table;
using AiAssignments.LoadTesting.Reports;

namespace AiAssignments.Bench.Steps;

/// <summary>What the runs of load of one service become in the table.</summary>
/// <param name="scenario">The service.</param>
internal sealed class LoadFigures(LoadScenario scenario)
{
    // From this share of failed requests on, so many users are not served.
    private const double FailuresBorne = 0.01;

    /// <summary>Requests a second that are wished for.</summary>
    public double WishedRate(BenchContext context) => context.Options.Targets.GetValueOrDefault($"{scenario.Id}.requests-per-second", scenario.Rate);

    public void Throughput(BenchContext context, LoadReport closed)
    {
        if (!scenario.HasThroughput)
        {
            return;
        }

        var conditions = new BenchConditions(string.Create(CultureInfo.InvariantCulture, $"{scenario.Users} users who each wait for their answer"));
        context.Add(Figure(BenchSection.Throughput, "requests-per-second", "requests/s", "/s", BenchDirection.Higher), closed.Requests.PerSecond, conditions);
        context.Add(Figure(BenchSection.Throughput, "megabytes-per-second", "MB/s", "MB/s", BenchDirection.Higher), Megabytes(closed), conditions);
        Complain(context, closed);
    }

    public void ResponseTimes(BenchContext context, LoadReport open, BenchLoad load)
    {
        var (wished, share) = (WishedRate(context), Math.Min(1, load.PerSecond / WishedRate(context)));
        var part = share < 1 ? string.Create(CultureInfo.InvariantCulture, $", {share * 100:0.#} % of the {wished:N0} wished for,") : string.Empty;
        var text = string.Create(CultureInfo.InvariantCulture, $"{load.PerSecond:N0} requests/s{part} over {load.Connections:N0} connections");
        if (open.Latency is { } latency)
        {
            var conditions = new BenchConditions(text, latency.Samples, share);
            context.Add(Figure(BenchSection.ResponseTimes, "average", "average", "ms", BenchDirection.Lower), latency.Average, conditions);
            context.Add(Figure(BenchSection.ResponseTimes, "p95", "p95", "ms", BenchDirection.Lower), Percentiles.P95(latency.P95, latency.Samples), conditions);
            context.Add(Figure(BenchSection.ResponseTimes, "p99", "p99", "ms", BenchDirection.Lower), Percentiles.P99(latency.P99, latency.Samples), conditions);
        }

        if (scenario.HasThroughput)
        {
            Users(context, open, load, text);
        }

        Complain(context, open);
    }

    public void Resources(BenchContext context, LoadReport closed, ResourceUse use)
    {
        context.Add(Figure(BenchSection.Resources, "cpu", "CPU", "cores", BenchDirection.Neither), use.Cores);
        context.Add(Figure(BenchSection.Resources, "memory", "memory", "MB", BenchDirection.Neither), use.PeakBytes / 1e6);
        context.Add(Figure(BenchSection.Resources, "storage", "storage I/O", "MB/s", BenchDirection.Neither), use.DiskBytesPerSecond / 1e6);
        context.Add(Figure(BenchSection.Resources, "network", "network I/O", "MB/s", BenchDirection.Neither), Megabytes(closed));
    }

    // Only as many users as there were connections, and as had something to ask.
    private void Users(BenchContext context, LoadReport open, BenchLoad load, string text)
    {
        var offered = Math.Min(open.Generator.Connections, open.Requests.Total);
        if (offered < load.Connections)
        {
            context.Collector.Note(open.Generator.Connections < load.Connections
                ? string.Create(CultureInfo.InvariantCulture, $"{scenario.Subject}: {open.Generator.Connections:N0} of {load.Connections:N0} connections came about (ulimit -n is one reason); more users were not tried.")
                : string.Create(CultureInfo.InvariantCulture, $"{scenario.Subject}: at its rate a run has {offered:N0} requests or so, fewer than the {load.Connections:N0} connections; more users were not tried."));
        }

        var wished = context.Options.Targets.GetValueOrDefault($"{scenario.Id}.users", scenario.Connections);
        var served = 1 - (open.Requests.SuccessRate ?? 0) <= FailuresBorne;
        context.Add(Figure(BenchSection.Throughput, "users", "users at once", "users", BenchDirection.Higher), served ? offered : 0, new BenchConditions(text, LoadShare: Math.Min(1, offered / wished)));
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
            context.Collector.Bottlenecks.Add(scenario.Subject);
        }
    }

    private BenchFigure Figure(BenchSection section, string id, string name, string unit, BenchDirection better) =>
        new($"{scenario.Id}.{id}", section, scenario.Subject, name, unit, better);
}
