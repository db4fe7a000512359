using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiAssignments.IntegrationTests.Page;

/// <summary>From a file to a report, and what can be done on the way.</summary>
/// <param name="page">The browser and the server.</param>
[Collection(PageGroup.Name)]
public sealed class UploadTests(PageFixture page)
{
    [ChromiumFact]
    public async Task A_dropped_dataset_is_taken_in_evaluated_live_and_reported()
    {
        await using var visit = await page.Browser.VisitAsync(page.Server, "datasets");
        await Expect(visit.Row("topics.jsonl")).ToBeVisibleAsync();
        await visit.Page.Locator("#files").SetInputFilesAsync(new FilePayload { Name = "my headlines.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(Headlines(40)) });
        var upload = visit.Content.Locator(".uploads li");
        await Expect(upload).ToContainTextAsync("taken in");
        await Expect(visit.Row("my headlines.csv")).ToBeVisibleAsync();
        await upload.GetByRole(AriaRole.Link).First.ClickAsync();

        var row = visit.Row("my headlines.csv").Filter(new LocatorFilterOptions { HasText = "topic@" }).First;
        await Expect(row).ToContainTextAsync("completed");
        await row.GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { Name = "Report" }).ClickAsync();
        await Expect(visit.Content.Locator(".lead")).ToContainTextAsync("on my headlines.csv");
        await InFrameAsync(visit, "my headlines.csv");
        await Expect(visit.Link("Markdown")).ToHaveAttributeAsync("href", new Regex(@"^/reports/[0-9a-f]+/report\.md$"));
        var download = await visit.Page.RunAndWaitForDownloadAsync(() => visit.Link("predictions as CSV").ClickAsync());
        Assert.EndsWith(".csv", download.SuggestedFilename, StringComparison.Ordinal);
        await visit.QuietAsync();
    }

    [ChromiumFact]
    public async Task A_dataset_that_cannot_be_read_is_refused_where_it_was_dropped()
    {
        await using var visit = await page.Browser.VisitAsync(page.Server, "datasets");
        await visit.Page.Locator("#files").SetInputFilesAsync(new FilePayload { Name = "noise.bin", MimeType = "application/octet-stream", Buffer = [0, 1, 2, 3, 255, 254] });
        await Expect(visit.Content.Locator(".uploads li .problem .code")).ToHaveTextAsync(new Regex("^[a-z]+-[a-z-]+$"));
        await visit.QuietAsync("Failed to load resource");
    }

    [ChromiumFact]
    public async Task Two_evaluations_are_compared()
    {
        var dataset = await page.Server.AddDatasetAsync("compared.csv", Headlines(30));
        await page.Server.EvaluateAsync("topic", dataset, 1);
        await page.Server.EvaluateAsync("topic", dataset, 2);
        await using var visit = await page.Browser.VisitAsync(page.Server);
        var rows = visit.Row("compared.csv").Filter(new LocatorFilterOptions { HasText = "completed" });
        await Expect(rows).ToHaveCountAsync(2);
        await rows.Nth(0).GetByRole(AriaRole.Checkbox).CheckAsync();
        await Expect(visit.Content).ToContainTextAsync("Choose another to compare with.");
        await rows.Nth(1).GetByRole(AriaRole.Checkbox).CheckAsync();
        await visit.Button("Compare these two").ClickAsync();
        await Expect(visit.Content.Locator("h1")).ToHaveTextAsync("Comparison");
        await Expect(visit.Content.Locator(".lead")).ToContainTextAsync("on compared.csv");
        await InFrameAsync(visit, "compared.csv");
        await visit.QuietAsync();
    }

    [ChromiumFact]
    public async Task A_running_evaluation_shows_how_far_it_is_and_is_cancelled()
    {
        var dataset = await page.Server.AddDatasetAsync("long.csv", Headlines(150_000));

        // Begun when the page watches, so that what it shows of it does not depend on how fast a page is opened.
        await using var visit = await page.Browser.VisitAsync(page.Server);
        await Expect(visit.Connection).ToHaveTextAsync("live");
        await page.Server.EvaluateAsync("topic", dataset);
        var row = visit.Row("long.csv");
        await Expect(row.Locator("progress")).ToHaveAttributeAsync("value", new Regex(@"^0\.\d+$"));
        await row.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Cancel" }).ClickAsync();
        await Expect(row).ToContainTextAsync("cancelled");

        await row.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Delete" }).ClickAsync();
        await Expect(visit.Modal).ToContainTextAsync("Delete the evaluation of topic");
        await visit.Modal.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Delete" }).ClickAsync();
        await Expect(row).ToHaveCountAsync(0);
        await visit.QuietAsync();
    }

    internal static async Task InFrameAsync(Visit visit, string text)
    {
        var frame = visit.Page.Locator("iframe.report");
        await Expect(frame).ToHaveAttributeAsync("sandbox", new Regex("^(allow-same-origin)?$"));
        var report = visit.Page.FrameLocator("iframe.report");
        await Expect(report.Locator("h1")).ToContainTextAsync(text);
        await Expect(report.Locator("script")).ToHaveCountAsync(0);

        // Its own style sheet got through: what is unstyled is black on nothing, in Times.
        Assert.DoesNotContain("Times", await report.Locator("body").EvaluateAsync<string>("body => getComputedStyle(body).fontFamily"), StringComparison.Ordinal);
    }

    internal static string Headlines(int count)
    {
        string[] rows =
        [
            "Stocks fell as oil prices rose and the bank kept its rates,Business",
            "The striker scored twice in the final of the cup,Sports",
            "A probe sent back pictures of the rings of Saturn,Sci/Tech",
            "Ministers met in Geneva to talk about the truce,World",
        ];
        var text = new StringBuilder("text,label\n");
        for (var i = 0; i < count; i++)
        {
            text.Append("No. ").Append(i).Append(": ").Append(rows[i % rows.Length]).Append('\n');
        }

        return text.ToString();
    }
}
