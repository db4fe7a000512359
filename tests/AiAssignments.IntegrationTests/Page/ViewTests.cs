using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiAssignments.IntegrationTests.Page;

/// <summary>Each view with what the server knows.</summary>
/// <param name="page">The browser and the server.</param>
[Collection(PageGroup.Name)]
public sealed class ViewTests(PageFixture page)
{
    [ChromiumFact]
    public async Task Evaluations_show_state_result_and_report()
    {
        await using var visit = await page.Browser.VisitAsync(page.Server);
        foreach (var (dataset, metric) in new[] { ("sentiment.csv", "accuracy"), ("topics.jsonl", "accuracy"), ("entities.conll", "entity F1"), ("fashion.zip", "accuracy") })
        {
            var row = visit.Row(dataset).Last;
            await Expect(row).ToContainTextAsync("completed");
            await Expect(row.Locator(".big")).ToHaveTextAsync(new Regex(@"^\d+\.\d %$"));
            await Expect(row).ToContainTextAsync(metric);
        }

        await Expect(visit.Connection).ToHaveTextAsync("live");
        await visit.Page.GetByLabel("Find").FillAsync("fashion");
        await Expect(visit.Rows).ToHaveCountAsync(1);
        await visit.Page.GetByLabel("Status").SelectOptionAsync("failed");
        await Expect(visit.Content).ToContainTextAsync("None is like this.");
        await visit.QuietAsync();
    }

    [ChromiumFact]
    public async Task Models_show_their_versions_and_what_was_measured()
    {
        await using var visit = await page.Browser.VisitAsync(page.Server, "models");
        var card = visit.Page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "fashion", Exact = true });
        await Expect(card).ToContainTextAsync("active");
        await Expect(card).ToContainTextAsync("10 labels: t-shirt");
        await Expect(card.Locator(".big")).ToHaveTextAsync(new Regex(@"^9\d\.\d %$"));
        await visit.Page.GetByLabel("Average accuracy").FillAsync("90");
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "sentiment", Exact = true })).ToHaveCountAsync(0);
        await Expect(card).ToBeVisibleAsync();
        await visit.QuietAsync();
    }

    [ChromiumFact]
    public async Task Datasets_are_listed_and_looked_into()
    {
        await using var visit = await page.Browser.VisitAsync(page.Server, "datasets");
        foreach (var name in new[] { "sentiment.csv", "topics.jsonl", "entities.conll", "fashion.zip" })
        {
            await Expect(visit.Row(name)).ToBeVisibleAsync();
        }

        await visit.Button("Inspect topics.jsonl").ClickAsync();
        await Expect(visit.Modal).ToContainTextAsync("152 records, 0 bad, 0 without a label");
        await Expect(visit.Modal).ToContainTextAsync("Sci/Tech");
        await visit.Button("Close").ClickAsync();
        await Expect(visit.Modal).ToHaveCountAsync(0);

        await visit.Button("Inspect entities.conll").ClickAsync();
        await Expect(visit.Modal.Locator(".examples li").First).ToContainTextAsync(new Regex(@"\w+ \w+"));
        await visit.QuietAsync();
    }

    [ChromiumFact]
    public async Task Performance_draws_what_the_server_sends()
    {
        await using var visit = await page.Browser.VisitAsync(page.Server, "performance");
        await Expect(visit.Content.Locator(".tile")).ToHaveCountAsync(9);
        await DrawnAsync(visit);
        await Expect(visit.Content.Locator("thead")).ToContainTextAsync("1m5m15m");
        await visit.Button("Hold").ClickAsync();
        await Expect(visit.Button("Hold")).ToHaveAttributeAsync("aria-pressed", "true");
        await visit.QuietAsync();
    }

    [ChromiumFact]
    public async Task Performance_is_asked_for_where_there_is_no_socket()
    {
        await using var visit = await page.Browser.VisitAsync(page.Server, "about:blank");
        await visit.Page.RouteAsync("**/api/negotiate", route => route.AbortAsync());
        await visit.GoAsync("performance");
        await Expect(visit.Connection).ToHaveTextAsync("reconnecting");
        await DrawnAsync(visit);
        await visit.QuietAsync("net::ERR_FAILED");
    }

    [ChromiumFact]
    public async Task An_address_that_names_no_view_leads_to_the_first()
    {
        await using var visit = await page.Browser.VisitAsync(page.Server, "constructor");
        await Expect(visit.Content.Locator("h1")).ToHaveTextAsync("Evaluations");
        await visit.GoAsync("%E0%A4%A");
        await Expect(visit.Content.Locator("h1")).ToHaveTextAsync("Evaluations");
        await visit.GoAsync("report/0123456789abcdef0123456789abcdef");
        await Expect(visit.Content.GetByRole(AriaRole.Alert)).ToContainTextAsync("evaluation-not-found");
        await visit.QuietAsync("404");
    }

    private static async Task DrawnAsync(Visit visit)
    {
        foreach (var (tile, figure) in new[] { ("Processor", @"^\d+ %$"), ("Memory", "^[0-9.]+ [MG]B$"), ("Requests", @"^\d+\.?\d*$"), ("Queue", @"^\d+$") })
        {
            await Expect(visit.Page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = tile, Exact = true }).Locator("strong").First)
                .ToHaveTextAsync(new Regex(figure));
        }

        await Expect(visit.Page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "Memory", Exact = true }).Locator("polyline").First)
            .ToHaveAttributeAsync("points", new Regex(@"\d+\.\d,\d+\.\d \d+\.\d,\d+\.\d"));
    }
}
