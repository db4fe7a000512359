using System.CommandLine;
using AiAssignments.Bench.Comparing;
using AiAssignments.Bench.Reports;
using AiAssignments.Bench.Running;
using AiAssignments.Bench.Table;
using AiAssignments.Bench.Targets;
using AiAssignments.Core.Errors;
using AiAssignments.LoadTesting;
using AiAssignments.Terminal;

namespace AiAssignments.Cli.Commands;

/// <summary><c>aia bench</c>: measures an installation and writes the performance table.</summary>
internal sealed class BenchCommand
{
    /// <summary>Its name.</summary>
    public const string Name = "bench";

    /// <summary>How long it may go on after Ctrl+C: what was put into an installation is taken away first.</summary>
    public static readonly TimeSpan Tidying = TimeSpan.FromSeconds(30);

    private readonly Option<string?> url = new("--url") { Description = "A running installation, for example http://127.0.0.1:7071. Default: one is started for the purpose, with the sample models and datasets in a temporary folder. On this machine only, unless --allow-remote is given." };
    private readonly Option<string?> key = new("--key") { Description = "API key of that installation. Default: $AIA_KEY, which others on the machine cannot read." };
    private readonly Option<bool> remote = new("--allow-remote") { Description = "Measure another machine's installation. Only what is yours to test: load makes a service unusable for others and costs money." };
    private readonly Option<bool> insecure = new("--insecure") { Description = "Take any TLS certificate." };
    private readonly Option<bool> readOnly = new("--read-only") { Description = "Write nothing to it: no uploads, no evaluations, no memory profiles. What is written otherwise is deleted at the end." };
    private readonly Option<bool> quick = new("--quick") { Description = "Short runs with less load: about a minute." };
    private readonly Option<string[]> only = new("--only") { Description = $"Only this section: {string.Join(", ", BenchSections.All.Select(section => section.Name()))}. May be repeated.", DefaultValueFactory = _ => [] };
    private readonly Option<int?> rounds = new("--rounds") { Description = $"How often everything is measured, 1 to {BenchRun.MostRounds}. Default: 3, which a comparison needs." };
    private readonly Option<string?> time = new("--time") { Description = "No round begins that would end later than this. Default: 8m, or 90s with --quick. With --against three are measured in any case." };
    private readonly Option<int> tokens = new("--tokens") { Description = "Tokens a text of the BERT shapes, 8 to 512.", DefaultValueFactory = _ => 128 };
    private readonly Option<string[]> weights = new("--weights") { Description = "SHAPE=FILE: an ONNX file of yours in the place of random weights, for example bert-base=model.onnx. May be repeated.", DefaultValueFactory = _ => [] };
    private readonly Option<FileInfo?> targets = new("--targets") { Description = "JSON file with targets by figure, for example {\"gateway.p99\": 25, \"upload.p99\": null}; over the defaults." };
    private readonly Option<FileInfo?> against = new("--against") { Description = "An earlier bench.json: the same loads are offered, and a regression beyond noise, or a figure that is missing now, ends with exit code 4." };
    private readonly Option<double> tolerance = new("--tolerance") { Description = "Percent by which the best round must be worse than the earlier worst to count.", DefaultValueFactory = _ => BenchComparison.UsualTolerance * 100 };
    private readonly Option<DirectoryInfo> output = new("--out") { Description = "Folder to write bench.html, bench.md and bench.json to.", DefaultValueFactory = _ => new DirectoryInfo("aia-bench") };
    private readonly Option<bool> json = new("--json") { Description = "Write one JSON document on the output; nothing else is written there." };

    private BenchCommand(Command command)
    {
        foreach (Option option in new Option[] { url, key, remote, insecure, readOnly, quick, only, rounds, time, tokens, weights, targets, against, tolerance, output, json })
        {
            command.Options.Add(option);
        }
    }

    public static Command Create()
    {
        var command = new Command(Name, "Measure this installation and write its performance table; or compare it with an earlier one.");
        var options = new BenchCommand(command);
        command.SetAction(options.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        // All that can be wrong with the command line and its files is said before minutes are spent.
        var before = parsed.GetValue(against) is { } file ? BenchTableFile.Read(file.FullName) : null;
        var noise = parsed.GetValue(tolerance) is var percent and >= 0 and <= 1000 ? percent / 100 : throw new ProblemException("option-invalid", "--tolerance must be 0 to 1,000 percent.");
        var options = Options(parsed) with { Baseline = before };
        var view = new BenchView(Consoles.Error, parsed.GetValue(json));
        BenchTable? table = null;
        await view.RunAsync(async () => table = await BenchRun.RunAsync(options, view, TimeProvider.System, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);

        // Written before it is compared: what took minutes is not lost if nothing can be.
        var folder = parsed.GetValue(output)!.FullName;
        var html = await BenchFolder.WriteAsync(table!, null, folder, CancellationToken.None).ConfigureAwait(false);
        var comparison = before is null ? null : BenchComparison.Of(before, table!, noise);
        if (comparison is not null)
        {
            html = await BenchFolder.WriteAsync(table!, comparison, folder, CancellationToken.None).ConfigureAwait(false);
        }

        if (parsed.GetValue(json))
        {
            CommandLine.WriteJson(new { Table = table, Comparison = comparison is null ? null : Compared(comparison), Report = html });
        }
        else
        {
            BenchResult.Write(Consoles.Out, table!, comparison);
            await Console.Out.WriteLineAsync($"report: {html}").ConfigureAwait(false);
        }

        return comparison?.Fails == true ? ExitCodes.Regression : table!.Failed.Count > 0 ? ExitCodes.Refused : ExitCodes.Done;
    }

    private BenchOptions Options(ParseResult parsed)
    {
        if (parsed.GetValue(url) is null && (parsed.GetValue(readOnly) || parsed.GetValue(remote)))
        {
            throw new ProblemException("option-invalid", "--read-only and --allow-remote go with --url: nothing else is there to be spared.");
        }

        var sections = parsed.GetValue(only)!.SelectMany(names => names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Select(BenchSections.Parse).ToHashSet();
        return new BenchOptions
        {
            Host = Path.Combine(AppContext.BaseDirectory, "AiAssignments.Local.dll"),
            Url = parsed.GetValue(url),
            Key = Secret(parsed),
            AllowRemote = parsed.GetValue(remote),
            AnyCertificate = parsed.GetValue(insecure),
            ReadOnly = parsed.GetValue(readOnly),
            Sections = sections.Count > 0 ? sections : BenchSections.All.ToHashSet(),
            Quick = parsed.GetValue(quick),
            Rounds = parsed.GetValue(rounds),
            MostTime = parsed.GetValue(time) is { } most ? TimeText.Parse(most, "--time") : null,
            Tokens = parsed.GetValue(tokens),
            Weights = parsed.GetValue(weights)!.Select(Weight).DistinctBy(weight => weight.Key).ToDictionary(),
            Targets = BenchTargets.Read(parsed.GetValue(targets)?.FullName),
        };
    }

    private static KeyValuePair<string, string> Weight(string text) => text.IndexOf('=', StringComparison.Ordinal) is var at and > 0
        ? new(text[..at], Path.GetFullPath(text[(at + 1)..]))
        : throw new ProblemException("option-invalid", "--weights must be like bert-base=model.onnx.");

    // A key is for the installation it was made for, and not for one that is started here.
    private string? Secret(ParseResult parsed) =>
        parsed.GetValue(url) is not null && (parsed.GetValue(key) ?? Environment.GetEnvironmentVariable("AIA_KEY")) is { Length: > 0 } secret ? secret : null;

    private static object Compared(BenchComparison comparison) => new
    {
        Verdict = BenchWords.Verdict(comparison),
        comparison.Tolerance,
        comparison.Unequal,
        comparison.Decides,
        comparison.Fails,
        Missing = comparison.Missing.Select(row => row.Figure.Id),
        comparison.Unmatched,
        Changes = comparison.Changes.Select(change => new { change.After.Figure.Id, Before = change.Before.Median, After = change.After.Median, change.Share, change.Verdict }),
    };
}
