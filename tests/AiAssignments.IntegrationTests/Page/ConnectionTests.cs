using static Microsoft.Playwright.Assertions;

namespace AiAssignments.IntegrationTests.Page;

/// <summary>A server that goes away and comes back.</summary>
public sealed class ConnectionTests
{
    [ChromiumFact]
    public async Task A_lost_connection_is_said_and_comes_back_with_what_was_missed()
    {
        await using var server = new LocalServer("--samples", "false");
        await server.StartAsync();
        await using var browser = await Browser.StartAsync();
        await using var visit = await browser.VisitAsync(server);
        await Expect(visit.Connection).ToHaveTextAsync("live");
        await Expect(visit.Content).ToContainTextAsync("Nothing has been evaluated yet.");

        await server.KillAsync();
        await Expect(visit.Connection).ToHaveTextAsync("reconnecting");
        await visit.GoAsync("models");
        await Expect(visit.Content.Locator(".problem")).ToContainTextAsync("The server does not answer.");
        await visit.GoAsync("evaluations");
        await Expect(visit.Content.Locator(".problem .code")).ToHaveTextAsync("unreachable");

        await server.StartAsync();
        await server.AddDatasetAsync("later.csv", UploadTests.Headlines(12), evaluate: true);
        await Expect(visit.Connection).ToHaveTextAsync("live");
        await Expect(visit.Row("later.csv").First).ToContainTextAsync("completed");
        await visit.QuietAsync("ERR_CONNECTION", "WebSocket connection");
    }
}
