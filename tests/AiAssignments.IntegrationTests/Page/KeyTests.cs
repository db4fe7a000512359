using AiAssignments.Tests.Access;
using AiAssignments.Tests.Support;
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
        for (var refused = 0; refused < 2; refused++)
        {
            await visit.Page.WaitForResponseAsync(reply => reply.Url.EndsWith("/api/negotiate", StringComparison.Ordinal) && reply.Status == 401);
        }

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

    [ChromiumFact]
    public async Task Who_declined_is_not_asked_every_few_seconds()
    {
        await using var server = new LocalServer("--auth", "keys", "--samples", "false") { AdminKey = Guid.NewGuid().ToString("N") };
        await server.StartAsync();
        await using var browser = await Browser.StartAsync();
        await using var visit = await browser.VisitAsync(server, "about:blank");
        await visit.Page.Clock.InstallAsync();
        await visit.GoAsync("performance");
        await visit.Button("Not now").ClickAsync();
        await Expect(visit.Content.Locator(".problem .code")).ToHaveTextAsync("request-unauthenticated");
        await visit.Page.Clock.FastForwardAsync(20_000);
        await Expect(visit.Content.Locator("[aria-busy]")).ToHaveCountAsync(0);
        await Expect(visit.Modal).ToHaveCountAsync(0);
        await visit.Button("Try again").ClickAsync();
        await Expect(visit.Modal).ToContainTextAsync("This server asks for a key");
        await visit.QuietAsync("401");
    }

    [ChromiumFact]
    public async Task A_token_of_an_issuer_is_taken_by_the_page_and_by_the_docs()
    {
        using var issuer = new Issuer();
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("keys.json"), issuer.Jwks());
        var token = issuer.Sign(Issuer.Claims(DateTimeOffset.UtcNow, "aia.admin"));
        await using var server = new LocalServer("--auth", "jwt", "--jwt-issuer", Issuer.Name, "--jwt-audience", Issuer.Audience, "--jwt-keys", folder.File("keys.json"), "--samples", "false");
        await server.StartAsync();
        await using var browser = await Browser.StartAsync();
        await using var visit = await browser.VisitAsync(server);
        await visit.Page.GetByLabel("API key or token").FillAsync(token);
        await visit.Button("Use it").ClickAsync();
        await Expect(visit.Content).ToContainTextAsync("Nothing has been evaluated yet.");
        await Expect(visit.Connection).ToHaveTextAsync("live");

        await visit.Page.GotoAsync("/docs");
        await visit.Page.GetByLabel("Key or token").FillAsync(token);
        var operation = visit.Page.Locator("#ListDatasets");
        await operation.Locator("summary").First.ClickAsync();
        await operation.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Send" }).ClickAsync();
        await Expect(operation.GetByRole(AriaRole.Status)).ToContainTextAsync("200");
        await visit.QuietAsync("401");
    }
}
