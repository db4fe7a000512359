using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.RegularExpressions;
using AiAssignments.Core.Telemetry;
using AiAssignments.Tests.Operations;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Telemetry;

/// <summary>What the documents ask for is there: every metric and label of dashboard and alerts, every alert in the runbook, every link.</summary>
[Collection("Instruments")]
public sealed partial class OperatingDocumentsTests
{
    private static readonly string[] Functions =
    [
        "rate", "increase", "sum", "max", "min", "avg", "histogram_quantile", "by", "on", "or", "and", "predict_linear", "label_values", "clamp_min", "le", "group_left", "topk",
    ];

    private static string Docs => Path.Combine(RepositoryRoot.Path, "docs");

    [Fact]
    public async Task Dashboard_and_alerts_ask_for_metrics_and_labels_that_are_there()
    {
        await using var host = await MeasuredHost.StartAsync();
        FillInstruments();
        var families = OpenMetricsReader.Read(await ScrapeAsync(host)).Samples
            .GroupBy(sample => sample.Family + sample.Suffix)
            .ToDictionary(group => group.Key, group => group.SelectMany(sample => sample.Labels.Keys).ToHashSet());
        families["up"] = [];
        var queries = Queries().ToList();
        Assert.True(queries.Count > 30);
        foreach (var query in queries)
        {
            foreach (Match selector in Selector().Matches(Grouping().Replace(query, string.Empty)))
            {
                var name = selector.Groups["name"].Value;
                if (Functions.Contains(name))
                {
                    continue;
                }

                Assert.True(families.TryGetValue(name, out var labels), $"{name} of {query} is no metric here; there are {string.Join(", ", families.Keys)}");
                foreach (Match matcher in LabelName().Matches(selector.Groups["labels"].Value))
                {
                    var label = matcher.Groups["name"].Value;
                    Assert.True(label is "job" or "instance" || labels!.Contains(label), $"{name} has no label {label}");
                }
            }
        }
    }

    [Fact]
    public void Every_alert_is_in_the_runbook_and_every_link_leads_somewhere()
    {
        var alerts = Regex.Matches(File.ReadAllText(Path.Combine(Docs, "alerts.yml")), @"- alert: (\w+)[\s\S]*?runbook: runbook\.md#(\w+)").Select(match => (Name: match.Groups[1].Value, Anchor: match.Groups[2].Value)).ToList();
        Assert.True(alerts.Count >= 14);
        var headings = Headings("runbook.md").ToHashSet();
        Assert.All(alerts, alert => Assert.Equal(alert.Name.ToLowerInvariant(), alert.Anchor));
        Assert.All(alerts, alert => Assert.Contains(alert.Anchor, headings));
        foreach (var document in new[] { "runbook.md", "capacity.md", "measuring.md" })
        {
            foreach (Match link in Regex.Matches(File.ReadAllText(Path.Combine(Docs, document)), @"\]\((?<file>[^)#\s]*)(?:#(?<anchor>[^)\s]+))?\)"))
            {
                var file = link.Groups["file"].Value.Length == 0 ? document : link.Groups["file"].Value;
                Assert.True(File.Exists(Path.Combine(Docs, file)), $"{document} leads to {file}");
                if (link.Groups["anchor"].Success)
                {
                    Assert.Contains(link.Groups["anchor"].Value, Headings(file));
                }
            }
        }
    }

    [PromtoolFact]
    public async Task Prometheus_takes_the_alert_rules()
    {
        using var tool = Process.Start(new ProcessStartInfo("promtool", ["check", "rules", Path.Combine(Docs, "alerts.yml")]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await tool.StandardOutput.ReadToEndAsync() + await tool.StandardError.ReadToEndAsync();
        await tool.WaitForExitAsync();
        Assert.True(tool.ExitCode == 0, said);
    }

    [Fact]
    public void Panels_of_the_dashboard_have_units_and_do_not_overlap()
    {
        var panels = Dashboard().GetProperty("panels").EnumerateArray().ToList();
        var taken = new HashSet<(int X, int Y)>();
        foreach (var panel in panels)
        {
            var place = panel.GetProperty("gridPos");
            for (var x = 0; x < place.GetProperty("w").GetInt32(); x++)
            {
                for (var y = 0; y < place.GetProperty("h").GetInt32(); y++)
                {
                    Assert.True(taken.Add((place.GetProperty("x").GetInt32() + x, place.GetProperty("y").GetInt32() + y)), panel.GetProperty("title").GetString());
                }
            }

            if (panel.GetProperty("type").GetString() != "row")
            {
                Assert.True(panel.GetProperty("fieldConfig").GetProperty("defaults").TryGetProperty("unit", out _), panel.GetProperty("title").GetString());
                Assert.NotEmpty(panel.GetProperty("targets").EnumerateArray());
            }
        }

        Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
    }

    /// <summary>Records something on every instrument of the project, so that all of them show. Tags are those that the instrument's documentation names.</summary>
    internal static void FillInstruments()
    {
        var (model, version, activity) = (Tag("model", "m"), Tag("version", "1"), Tag("activity", "ScoreShard"));
        Instruments.HttpRequests.Add(1, Tag("method", "GET"), Tag("endpoint", "/x"), new KeyValuePair<string, object?>("status", 200));
        Instruments.HttpRequestDuration.Record(0.1, Tag("method", "GET"), Tag("endpoint", "/x"));
        Instruments.ActiveConnections.Add(0, Tag("kind", "websocket"));
        Instruments.InferenceDuration.Record(0.01, model, version);
        Instruments.QueueWait.Record(0.01, model);
        Instruments.QueueLength.Add(0, model);
        Instruments.BatchRows.Record(4, model);
        Instruments.BatchTokens.Record(64, model);
        Instruments.QueueRefusals.Add(1, model);
        Instruments.CacheLookups.Add(1, Tag("cache", "queries"), Tag("level", "redis"), Tag("result", "hit"));
        Instruments.RecordsScored.Add(1, model);
        Instruments.SlowClientsDropped.Add(1);
        Instruments.SocketMessages.Add(1);
        Instruments.ShardDuration.Record(1, model);
        Instruments.JournalCommits.Add(1);
        Instruments.JournalWrites.Add(1);
        Instruments.JournalCommitDuration.Record(0.001);
        Instruments.StoreRequestCharge.Add(1.5, Tag("operation", "read"));
        Instruments.StoreOperationDuration.Record(0.001, Tag("store", "documents"), Tag("operation", "read"));
        Instruments.BlobBytes.Add(1, Tag("direction", "read"));
        Instruments.ActivityDuration.Record(1, activity, Tag("outcome", "completed"));
        Instruments.WorkflowsEnded.Add(1, Tag("workflow", "EvaluateDataset"), Tag("status", "failed"));
        Instruments.ActivityAllocated.Record(1 << 20, activity);
        Instruments.ActivityPeak.Record(1 << 28, activity);
        Instruments.GpuMemory ??= () => [1 << 30];
        Instruments.ProcessDisk ??= () => (1, 1);
        Instruments.ProcessNetwork ??= () => (1, 1);

        static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
    }

    [Fact]
    public async Task Every_instrument_is_on_the_exposition_under_its_documented_name()
    {
        await using var host = await MeasuredHost.StartAsync();
        FillInstruments();
        var types = OpenMetricsReader.Read(await ScrapeAsync(host)).Types;
        var published = new List<Instrument>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => published.Add(instrument) };
        listener.Start();
        var own = published.Where(instrument => instrument.Meter.Name == Instruments.Name).ToList();
        Assert.True(own.Count >= 25);
        foreach (var instrument in own)
        {
            var suffix = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => string.Empty };
            Assert.True(types.ContainsKey(instrument.Name + suffix), $"{instrument.Name}{suffix} is not there");
        }
    }

    private static async Task<string> ScrapeAsync(MeasuredHost host)
    {
        using var scrape = new HttpRequestMessage(HttpMethod.Get, "metrics");
        scrape.Headers.TryAddWithoutValidation("Accept", "application/openmetrics-text;version=1.0.0");
        using var response = await host.Http.SendAsync(scrape);
        return await response.Content.ReadAsStringAsync();
    }

    private static JsonElement Dashboard() => JsonDocument.Parse(File.ReadAllText(Path.Combine(Docs, "grafana-dashboard.json"))).RootElement;

    private static IEnumerable<string> Queries()
    {
        foreach (var panel in Dashboard().GetProperty("panels").EnumerateArray())
        {
            if (panel.TryGetProperty("targets", out var targets))
            {
                foreach (var target in targets.EnumerateArray())
                {
                    yield return target.GetProperty("expr").GetString()!;
                }
            }
        }

        foreach (Match rule in Regex.Matches(File.ReadAllText(Path.Combine(Docs, "alerts.yml")), @"expr: (.+)"))
        {
            yield return rule.Groups[1].Value;
        }
    }

    private static IEnumerable<string> Headings(string file) => File.ReadLines(Path.Combine(Docs, file))
        .Where(line => line.StartsWith('#'))
        .Select(line => Regex.Replace(line.TrimStart('#', ' ').ToLowerInvariant().Replace(' ', '-'), "[^a-z0-9_-]", string.Empty));

    [GeneratedRegex(@"(?:by|on|without|group_left|group_right) ?\([^)]*\)", RegexOptions.CultureInvariant)]
    private static partial Regex Grouping();

    // A name that is not a label, a duration, a variable or a text, with its matchers.
    [GeneratedRegex("""(?<![\w$"~=.{,:])(?<name>[a-zA-Z_][a-zA-Z0-9_]*)(?:\{(?<labels>(?:[^"{}]|"[^"]*")*)\})?""", RegexOptions.CultureInvariant)]
    private static partial Regex Selector();

    [GeneratedRegex("""(?<name>[a-zA-Z_]\w*)(?:=~|!~|!=|=)""", RegexOptions.CultureInvariant)]
    private static partial Regex LabelName();
}
