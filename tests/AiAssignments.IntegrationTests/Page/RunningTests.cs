using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiAssignments.IntegrationTests.Page;

/// <summary>Evaluations as they go on, with a socket and without one.</summary>
/// <param name="page">The browser and the server.</param>
[Collection(PageGroup.Name)]
public sealed class RunningTests(PageFixture page)
{
    [ChromiumFact]
    public async Task Without_a_socket_progress_and_what_has_just_begun_are_asked_for()
    {
        var made = new MadeUp();
        made.Set("1", "running", shardsDone: 1);
        await using var visit = await VisitAsync(made);
        var row = visit.Row("made-up-1.csv");
        await Expect(visit.Connection).ToHaveTextAsync("live");
        await Expect(row.Locator("progress")).ToHaveAttributeAsync("value", "0.25");
        made.Tell("1", "scoring", 300, 1000);
        await Expect(row.Locator("progress")).ToHaveAttributeAsync("value", "0.3");

        await made.LoseAsync();
        await Expect(visit.Connection).ToHaveTextAsync("reconnecting");
        made.Set("1", "running", shardsDone: 3);
        made.Set("2", "running");
        await visit.Page.Clock.FastForwardAsync(6000);
        await Expect(row.Locator("progress")).ToHaveAttributeAsync("value", "0.75");
        await Expect(visit.Row("made-up-2.csv")).ToBeVisibleAsync();
        await Expect(visit.Rows.First).ToContainTextAsync("made-up-2.csv");

        made.Set("1", "completed", shardsDone: 4);
        await visit.Page.Clock.FastForwardAsync(6000);
        await Expect(row).ToContainTextAsync("completed");
        await visit.QuietAsync();
    }

    [ChromiumFact]
    public async Task What_began_and_ended_before_the_page_had_joined_is_shown_though_nobody_tells_of_it()
    {
        var made = new MadeUp { HoldJoins = true };
        made.Set("1", "running", shardsDone: 1);
        await using var visit = await VisitAsync(made);
        await Expect(visit.Row("made-up-1.csv").Locator("progress")).ToHaveAttributeAsync("value", "0.25");
        await Expect(visit.Connection).ToHaveTextAsync("live");

        made.Set("1", "completed", shardsDone: 4);
        made.Set("2", "completed");
        made.LetJoin();

        await Expect(visit.Row("made-up-1.csv")).ToContainTextAsync("completed");
        await Expect(visit.Row("made-up-2.csv")).ToContainTextAsync("completed");
        await visit.QuietAsync();
    }

    [ChromiumFact]
    public async Task An_evaluation_that_goes_on_after_it_was_cancelled_is_shown_running_again()
    {
        var made = new MadeUp();
        made.Set("1", "cancelled");
        await using var visit = await VisitAsync(made);
        var row = visit.Row("made-up-1.csv");
        await Expect(row).ToContainTextAsync("cancelled");
        await Expect(visit.Connection).ToHaveTextAsync("live");

        made.Set("1", "running");
        made.Tell("1", "planning", 0, 0);
        await Expect(row.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Cancel" })).ToBeVisibleAsync();
        made.Tell("1", "scoring", 400, 1000);
        await Expect(row.Locator("progress")).ToHaveAttributeAsync("value", "0.4");
        made.Set("1", "completed");
        made.Tell("1", "completed", 1000, 1000);
        await Expect(row).ToContainTextAsync("50.0 %");
        await visit.QuietAsync();
    }

    [ChromiumFact]
    public async Task A_list_that_goes_on_says_so_and_the_server_chooses_by_status()
    {
        var made = new MadeUp { PageSize = 2 };
        foreach (var id in new[] { "1", "2", "3", "4", "5" })
        {
            made.Set(id, id == "1" ? "failed" : "completed");
        }

        await using var visit = await VisitAsync(made);
        await Expect(visit.Rows).ToHaveCountAsync(2);
        await Expect(visit.Content.Locator(".more")).ToContainTextAsync("The first 2 are shown; there are more.");
        await visit.Button("Show more").FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Rows).ToHaveCountAsync(4);
        await Expect(visit.Button("Show more")).ToBeFocusedAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Rows).ToHaveCountAsync(5);
        await Expect(visit.Button("Show more")).ToHaveCountAsync(0);

        // Not among the first two.
        await visit.Page.ReloadAsync();
        await visit.Page.GetByLabel("Status").SelectOptionAsync("failed");
        await Expect(visit.Rows).ToHaveCountAsync(1);
        await Expect(visit.Row("made-up-1.csv")).ToBeVisibleAsync();
        await visit.QuietAsync();
    }

    private async Task<Visit> VisitAsync(MadeUp made)
    {
        var visit = await page.Browser.VisitAsync(page.Server, "about:blank");
        await visit.Page.Clock.InstallAsync();
        await made.AttachAsync(visit.Page);
        await visit.GoAsync(string.Empty);
        return visit;
    }
}
