using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiAssignments.Core.Telemetry;

namespace AiAssignments.Tests.Infrastructure;

/// <summary>Alerts and the workbook ask for what is sent.</summary>
public sealed partial class WatchingTests
{
    [BicepFact]
    public async Task Alerts_are_these()
    {
        var all = (await Compiled.GetAsync()).Everything;

        Assert.Equal(
            ["Requests fail", "Predictions are slow", "Rows wait for inference", "An orchestration failed"],
            all.Of("Microsoft.Insights/scheduledQueryRules").Select(rule => (string)rule["properties"]!["displayName"]!));
        Assert.Equal("DeadLetteredCount", (string?)all.One("Microsoft.Insights/metricAlerts")["criteria"]!["allOf"]![0]!["metricName"]);
        Assert.All(all.Of("Microsoft.Insights/scheduledQueryRules"), rule => Assert.Single(rule["properties"]!["actions"]!["actionGroups"]!.AsArray()));
        Assert.All((await Compiled.GetAsync()).Usual.Of("Microsoft.Insights/scheduledQueryRules"), rule => Assert.Empty(rule["properties"]!["actions"]!["actionGroups"]!.AsArray()));
    }

    [BicepFact]
    public async Task Alerts_measure_a_column_that_their_query_ends_with()
    {
        Assert.All((await Compiled.GetAsync()).Usual.Of("Microsoft.Insights/scheduledQueryRules"), rule =>
        {
            var criterion = rule["properties"]!["criteria"]!["allOf"]![0]!;
            Assert.Matches($"(project|summarize) (.*, )?{criterion["metricMeasureColumn"]}( =|$)", ((string)criterion["query"]!).Split(" | ")[^1]);
        });
    }

    [Fact]
    public void Every_metric_that_is_asked_for_is_an_instrument()
    {
        var instruments = typeof(Instruments).GetFields().Select(field => field.GetValue(null)).OfType<Instrument>().Select(instrument => instrument.Name).ToHashSet();
        var asked = MetricName().Matches(InfraFiles.Read("modules", "alerts.bicep") + InfraFiles.Read("workbook.json")).Select(match => match.Groups[1].Value).ToList();

        Assert.Contains("inference_queue_length", asked);
        Assert.All(asked, name => Assert.Contains(name, instruments));
    }

    [BicepFact]
    public async Task The_inference_server_may_send_what_the_alerts_ask_for()
    {
        var app = (await Compiled.GetAsync()).Everything.One("Microsoft.App/containerApps");
        var given = app["template"]!["containers"]![0]!["env"]!.AsArray().ToDictionary(item => (string)item!["name"]!, item => (string)item!["value"]!, StringComparer.Ordinal);

        // A token of its identity, which the program can have once it runs; the role on the component: SecurityTests.
        Assert.Equal("Main", (string?)Assert.Single(app["configuration"]!["identitySettings"]!.AsArray())!["lifecycle"]);
        Assert.Contains("connectionString", given["APPLICATIONINSIGHTS_CONNECTION_STRING"]);
        Assert.Contains("Authorization=AAD;ClientId=", given["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"]);
        Assert.Contains("clientId", given["AZURE_CLIENT_ID"]);
    }

    [Fact]
    public void The_workbook_is_one()
    {
        var workbook = JsonNode.Parse(InfraFiles.Read("workbook.json"))!;

        Assert.Equal("Notebook/1.0", (string?)workbook["version"]);
        var items = workbook["items"]!.AsArray();
        Assert.Equal(items.Count, items.Select(item => (string)item!["name"]!).Distinct().Count());
        Assert.All(items.Where(item => (int)item!["type"]! == 3), item => Assert.Equal("Time", (string?)item!["content"]!["timeContextFromParameter"]));
    }

    [GeneratedRegex("Name == ['\"]([a-z_]+)['\"]")]
    private static partial Regex MetricName();
}
