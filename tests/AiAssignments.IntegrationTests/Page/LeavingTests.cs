using System.Text;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiAssignments.IntegrationTests.Page;

/// <summary>Uploads that take their time.</summary>
/// <param name="page">The browser and the server.</param>
[Collection(PageGroup.Name)]
public sealed class LeavingTests(PageFixture page)
{
    private const string Uploads = "**/api/datasets/uploads/*";

    [ChromiumFact]
    public async Task An_upload_goes_on_while_another_view_is_looked_at()
    {
        var arrived = new TaskCompletionSource();
        await using var visit = await page.Browser.VisitAsync(page.Server, "datasets");
        await visit.Page.RouteAsync(Uploads, async route =>
        {
            if (route.Request.Method == "PATCH")
            {
                await arrived.Task;
            }

            await route.ContinueAsync();
        });
        await ChooseAsync(visit, "patient.csv");
        var line = visit.Content.Locator(".uploads li").Filter(new LocatorFilterOptions { HasText = "patient.csv" });
        await Expect(line.Locator("progress")).ToBeVisibleAsync();
        await visit.Link("Models").ClickAsync();
        await Expect(visit.Content.Locator("h1")).ToHaveTextAsync("Models");
        await visit.Link("Datasets").ClickAsync();
        await Expect(line.Locator("progress")).ToBeVisibleAsync();
        arrived.SetResult();
        await Expect(line).ToContainTextAsync("taken in");
        await Expect(visit.Row("patient.csv")).ToBeVisibleAsync();

        // Seen, it is not shown for ever.
        await visit.Link("Models").ClickAsync();
        await visit.Link("Datasets").ClickAsync();
        await Expect(visit.Row("patient.csv")).ToBeVisibleAsync();
        await Expect(line).ToHaveCountAsync(0);
        await visit.QuietAsync();
    }

    [ChromiumFact]
    public async Task An_upload_that_is_stopped_is_thrown_away()
    {
        await using var visit = await page.Browser.VisitAsync(page.Server, "datasets");
        await visit.Page.RouteAsync(Uploads, route => route.Request.Method == "PATCH" ? Task.CompletedTask : route.ContinueAsync());
        await ChooseAsync(visit, "unwanted.csv");
        var line = visit.Content.Locator(".uploads li");
        var thrown = await visit.Page.RunAndWaitForResponseAsync(() => visit.Button("Stop the upload of unwanted.csv").ClickAsync(), reply => reply.Request.Method == "DELETE");
        Assert.Equal(204, thrown.Status);
        await Expect(line).ToContainTextAsync("stopped");
        await visit.QuietAsync();
    }

    [ChromiumFact]
    public async Task A_dataset_is_taken_in_when_it_is_registered_and_not_when_its_bytes_are_there()
    {
        var registered = false;
        await using var visit = await page.Browser.VisitAsync(page.Server, "datasets");
        await visit.Page.RouteAsync(Uploads, async route =>
        {
            if (route.Request.Method == "PATCH")
            {
                // All bytes arrive, and the answer is lost.
                await route.FetchAsync();
                await route.AbortAsync();
            }
            else if (route.Request.Method == "GET" && !Volatile.Read(ref registered))
            {
                await route.FulfillAsync(new RouteFulfillOptions { ContentType = "application/json", Body = """{"state":"registering"}""" });
            }
            else
            {
                await route.ContinueAsync();
            }
        });
        await ChooseAsync(visit, "slow.csv");
        var line = visit.Content.Locator(".uploads li");
        await Expect(line).ToContainTextAsync("is being registered");
        await Expect(line).Not.ToContainTextAsync("taken in");
        Volatile.Write(ref registered, true);
        await Expect(line).ToContainTextAsync("taken in");
        await visit.QuietAsync("Failed to load resource");
    }

    [ChromiumFact]
    public async Task A_model_on_its_way_shows_how_far_it_is()
    {
        var arrived = new TaskCompletionSource();
        var zip = ModelZip.Write(page.Server.Scratch("onitsway.zip"), "onitsway", "1", "On its way.");
        await using var visit = await page.Browser.VisitAsync(page.Server, "models");
        await visit.Page.RouteAsync("**/api/models?activate=true", async route =>
        {
            await arrived.Task;
            await route.ContinueAsync();
        });
        await visit.Page.Locator("#zips").SetInputFilesAsync(zip);
        var line = visit.Content.Locator(".uploads li").Last;
        await Expect(line.Locator("progress")).ToBeVisibleAsync();
        await Expect(line).ToContainTextAsync(" MB");
        arrived.SetResult();
        await Expect(line).ToContainTextAsync("registeredonitsway 1");
        await visit.Button("Delete the model onitsway").ClickAsync();
        await visit.Modal.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Delete" }).ClickAsync();
        await Expect(visit.Button("Delete the model onitsway")).ToHaveCountAsync(0);
        await visit.QuietAsync();
    }

    private static Task ChooseAsync(Visit visit, string name) => visit.Page.Locator("#files").SetInputFilesAsync(
        new FilePayload { Name = name, MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(UploadTests.Headlines(20).Replace("No. ", $"{name} ", StringComparison.Ordinal)) });
}
