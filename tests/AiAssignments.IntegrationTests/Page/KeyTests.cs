using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiAssignments.IntegrationTests.Page;

/// <summary>Where the server asks for a key, so does the page.</summary>
public sealed class KeyTests
{
    [ChromiumFact]
    public async Task The_page_asks_for_a_key_and_works_with_it()
    {
        var key = Guid.NewGuid().ToString("N");
        await using var server = new LocalServer("--auth", "keys", "--samples", "false") { AdminKey = key };
        await server.StartAsync();
        await using var browser = await Browser.StartAsync();
        await using var visit = await browser.VisitAsync(server);
        await Expect(visit.Modal).ToContainTextAsync("This server asks for a key");

        // Who declines is told what is missing, and is not asked again by what runs in the background.
        await visit.Button("Not now").ClickAsync();
        await Expect(visit.Content.Locator(".problem .code")).ToHaveTextAsync("request-unauthenticated");
        await Expect(visit.Connection).ToHaveTextAsync("reconnecting");
        await visit.Page.WaitForTimeoutAsync(1500);
        await Expect(visit.Modal).ToHaveCountAsync(0);

        await visit.Button("Try again").ClickAsync();
        await visit.Page.GetByLabel("API key").FillAsync("no such key, surely");
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Modal).ToContainTextAsync("It did not take the last one.");
        await visit.Page.GetByLabel("API key").FillAsync(key);
        await visit.Button("Use it").ClickAsync();
        await Expect(visit.Content).ToContainTextAsync("Nothing has been evaluated yet.");
        await Expect(visit.Connection).ToHaveTextAsync("live");

        // Live: the row comes by the socket, not by loading the page anew.
        await server.AddDatasetAsync("keyed.csv", UploadTests.Headlines(12), evaluate: true);
        var row = visit.Row("keyed.csv").First;
        await Expect(row).ToContainTextAsync("completed");
        await row.GetByRole(AriaRole.Link).ClickAsync();
        await UploadTests.InFrameAsync(visit, "keyed.csv");
        await visit.Page.FrameLocator("iframe.report").GetByRole(AriaRole.Link, new FrameLocatorGetByRoleOptions { Name = "Confusion" }).ClickAsync();
        await Expect(visit.Page.FrameLocator("iframe.report").Locator("#confusion")).ToBeInViewportAsync();
        await UploadTests.InFrameAsync(visit, "keyed.csv");
        var download = await visit.Page.RunAndWaitForDownloadAsync(() => visit.Link("JSON").ClickAsync());
        Assert.Equal("report.json", download.SuggestedFilename);

        // The key is the tab's alone.
        Assert.Equal(0, await visit.Page.EvaluateAsync<int>("() => localStorage.length + document.cookie.length"));

        // The last is said of every script that Playwright itself would run in the frame to click there.
        await visit.QuietAsync("401", "Blocked script execution in 'blob:");
    }
}
