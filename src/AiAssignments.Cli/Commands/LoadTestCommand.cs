using System.CommandLine;
using AiAssignments.Core.Errors;
using AiAssignments.LoadTesting;
using AiAssignments.LoadTesting.Arrivals;
using AiAssignments.LoadTesting.Assertions;
using AiAssignments.LoadTesting.Capacity;
using AiAssignments.LoadTesting.Measuring;
using AiAssignments.LoadTesting.Reports;
using AiAssignments.LoadTesting.Targets;
using AiAssignments.Terminal;

namespace AiAssignments.Cli.Commands;

/// <summary><c>aia loadtest URL</c>: offers load and tells what came of it.</summary>
internal sealed class LoadTestCommand
{
    /// <summary>Its name.</summary>
    public const string Name = "loadtest";

    /// <summary>How long it may go on after Ctrl+C: what is under way is cut off, and the figures so far are written.</summary>
    public static readonly TimeSpan Finishing = TimeSpan.FromSeconds(15);

    private const double FirstRate = 50;

    private readonly Argument<string> url = new("URL") { Description = "The target: http, https, ws, wss, grpc or grpcs. This machine only, unless --allow-remote is given." };
    private readonly Option<string?> protocol = new("--protocol") { Description = "http1, http2, websocket or grpc. Default: by the URL's scheme; http is http1." };
    private readonly Option<bool> remote = new("--allow-remote") { Description = "Aim at another machine. Only at what is yours to test: load makes a service unusable for others and costs money." };
    private readonly Option<bool> insecure = new("--insecure") { Description = "Take any TLS certificate." };
    private readonly Option<string> timeout = new("--timeout") { Description = "After this, counted from when it was due, a request has failed.", DefaultValueFactory = _ => "30s" };
    private readonly Option<int?> connections = new("--connections") { Description = $"Open model: this many connections, opened before the start. Default: as they are needed, up to {LoadPlan.ConnectionsOnDemand}." };
    private readonly Option<int> streams = new("--streams") { Description = "HTTP/2 and gRPC: most requests under way on one connection.", DefaultValueFactory = _ => 100 };
    private readonly Option<bool> full = new("--full") { Description = "Measure for the whole --duration, also when the estimates are stable." };
    private readonly Option<string> lag = new("--lag-bound") { Description = "Lateness of sending (99th percentile) from which on the generator counts as the bottleneck.", DefaultValueFactory = _ => "5ms" };
    private readonly Option<string[]> failIf = new("--fail-if") { Description = "Exit with 1 when this holds, for example 'p99>25ms', 'errors>0.1%', 'rps<1000', 'service.avg>5ms'. May be repeated.", DefaultValueFactory = _ => [] };
    private readonly Option<bool> capacity = new("--find-capacity") { Description = "Find the highest rate that meets --objective, from --rate (default 50) on." };
    private readonly Option<string?> objective = new("--objective") { Description = "What --find-capacity holds a rate to, for example 'p99<50ms'." };
    private readonly Option<DirectoryInfo?> output = new("--out") { Description = "Folder to write loadtest.html, loadtest.json and seconds.csv to." };
    private readonly Option<bool> json = new("--json") { Description = "Write one JSON document on the output; nothing else is written there." };
    private readonly LoadModelOptionSet models;
    private readonly LoadRequestOptionSet requests;

    private LoadTestCommand(Command command)
    {
        command.Arguments.Add(url);
        foreach (Option option in new Option[] { protocol, remote, insecure, timeout, connections, streams, full, lag, failIf, capacity, objective, output, json })
        {
            command.Options.Add(option);
        }

        models = new LoadModelOptionSet(command);
        requests = new LoadRequestOptionSet(command);
    }

    public static Command Create()
    {
        var command = new Command(Name, "Offer load to a server and tell the truth about its latency: counted from when each request should have been sent.");
        var options = new LoadTestCommand(command);
        command.SetAction(options.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        // All that can be wrong with the command line is said before anything is sent.
        var conditions = parsed.GetValue(failIf)!.Select(Condition.Parse).ToList();
        var goal = Objective(parsed);
        var plan = await PlanAsync(parsed, goal is not null, cancellationToken).ConfigureAwait(false);
        var view = new LoadView(Consoles.Error, parsed.GetValue(json));
        var report = goal is null
            ? await OneAsync(plan, view, cancellationToken).ConfigureAwait(false)
            : await SearchAsync(plan, goal, models.Rate(parsed) ?? FirstRate, models.PoissonSeed(parsed), view, cancellationToken).ConfigureAwait(false);
        report = report with { Assertions = [.. conditions.Select(condition => condition.FailIf(report))] };
        var html = parsed.GetValue(output) is { } folder ? await LoadReportFolder.WriteAsync(report, folder.FullName, CancellationToken.None).ConfigureAwait(false) : null;
        if (parsed.GetValue(json))
        {
            CommandLine.WriteJson(report);
        }
        else
        {
            LoadTable.Write(Consoles.Out, report);
            await Console.Out.WriteLineAsync(report.Capacity is { } found ? $"{Environment.NewLine}{found.Reading}" : string.Empty).ConfigureAwait(false);
            await Console.Out.WriteAsync(html is null ? string.Empty : $"report: {html}{Environment.NewLine}").ConfigureAwait(false);
        }

        var failed = report.Assertions.Any(assertion => assertion.Failed) || report.Capacity is { Rate: null };
        return report.Ended == "interrupted" ? ExitCodes.Interrupted : failed ? ExitCodes.Refused : ExitCodes.Done;
    }

    private Condition? Objective(ParseResult parsed) => (parsed.GetValue(capacity), parsed.GetValue(objective)) switch
    {
        (true, { } text) => Condition.Parse(text),
        (false, null) => null,
        _ => throw new ProblemException("option-invalid", "--find-capacity and --objective go together, for example: --find-capacity --objective 'p99<50ms'."),
    };

    private async Task<LoadPlan> PlanAsync(ParseResult parsed, bool searches, CancellationToken cancellationToken)
    {
        LoadProtocol? asked = parsed.GetValue(protocol) switch
        {
            null => null,
            "http1" or "http1.1" => LoadProtocol.Http1,
            "http2" => LoadProtocol.Http2,
            "websocket" => LoadProtocol.WebSocket,
            "grpc" => LoadProtocol.Grpc,
            var other => throw new ProblemException("option-invalid", $"--protocol is '{other}'; there are http1, http2, websocket and grpc."),
        };
        var trace = models.Trace(parsed);
        if (searches && trace is not null)
        {
            throw new ProblemException("option-invalid", "--find-capacity chooses the rate itself, so it does not go with --trace.");
        }

        var target = await LoadTarget.ResolveAsync(parsed.GetValue(url)!, asked, parsed.GetValue(remote), cancellationToken).ConfigureAwait(false);
        var plan = new LoadPlan
        {
            Target = target,
            Requests = await requests.ReadAsync(parsed, target, trace, cancellationToken).ConfigureAwait(false),
            Model = searches ? OpenModel.Constant(models.Rate(parsed) ?? FirstRate) : models.Read(parsed, trace),
            Headers = requests.Headers(parsed, trace),
            Duration = models.Duration(parsed, trace),
            WarmUp = models.WarmUp(parsed),
            Connections = parsed.GetValue(connections),
            StreamsPerConnection = parsed.GetValue(streams) is var most and >= 1 ? most : throw new ProblemException("option-invalid", "--streams must be 1 or more."),
            Timeout = TimeText.Parse(parsed.GetValue(timeout)!, "--timeout"),
            Accepts = requests.Accepts(parsed, target.Protocol),
            Stability = parsed.GetValue(full) ? null : StabilityRule.Default,
            LagBound = TimeText.Parse(parsed.GetValue(lag)!, "--lag-bound"),
            AnyCertificate = parsed.GetValue(insecure),
            WebSocket = requests.WebSocket(parsed),
        };
        plan.Limits.Check(plan);
        return plan;
    }

    private static async Task<LoadReport> OneAsync(LoadPlan plan, LoadView view, CancellationToken cancellationToken)
    {
        LoadReport? report = null;
        await view.RunAsync(async () => report = await LoadTest.RunAsync(plan, view, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        return report!;
    }

    private static async Task<LoadReport> SearchAsync(LoadPlan plan, Condition goal, double first, ulong? poissonSeed, LoadView view, CancellationToken cancellationToken)
    {
        // Short runs to search, whole ones to confirm.
        var probe = plan with { Duration = TimeSpan.FromTicks(Math.Min(plan.Duration.Ticks, TimeSpan.TicksPerSecond * 5)), WarmUp = TimeSpan.FromTicks(Math.Min(plan.WarmUp.Ticks, TimeSpan.TicksPerSecond)), Stability = null };
        var search = new CapacitySearch(
            goal,
            new CapacityOptions(first, plan.Limits.Rate),
            (stage, rate, stop) =>
            {
                var run = stage == "confirmation" ? plan : probe;
                return OneAsync(run with { Model = OpenModel.Of(RateProfile.Constant(rate), poissonSeed, run.WarmUp) }, view, stop);
            },
            found => view.Say(LoadTable.Probe(found)));
        var (result, report) = await search.RunAsync(cancellationToken).ConfigureAwait(false);
        return report is null ? throw new OperationCanceledException(cancellationToken) : report with { Capacity = result, Ended = result.Ended == "interrupted" ? "interrupted" : report.Ended };
    }
}
