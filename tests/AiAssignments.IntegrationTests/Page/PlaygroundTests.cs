using System.IO.Compression;
using System.Text.RegularExpressions;
using AiAssignments.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiAssignments.IntegrationTests.Page;

/// <summary>Models tried on texts and images.</summary>
/// <param name="page">The browser and the server.</param>
[Collection(PageGroup.Name)]
public sealed class PlaygroundTests(PageFixture page)
{
    [ChromiumFact]
    public async Task A_typed_text_is_classified_and_the_newest_counts()
    {
        await using var visit = await page.Browser.VisitAsync(page.Server, "playground/topic");
        var first = visit.Content.Locator(".bars li").First;
        await Expect(first).ToContainTextAsync("Business");
        var text = visit.Page.GetByLabel("Text", new PageGetByLabelOptions { Exact = true });
        await text.FillAsync("");
        await text.PressSequentiallyAsync("The striker scored twice in the cup final and the coach praised the team.");
        await Expect(first).ToContainTextAsync("Sports");
        await Expect(visit.Content.Locator(".bars li")).ToHaveCountAsync(4);
        await Expect(visit.Content.Locator(".timing")).ToContainTextAsync("there and back");
        await visit.Page.GetByText("As a request").ClickAsync();
        await Expect(visit.Content.Locator("pre").First).ToContainTextAsync("/api/models/topic/predict");
        await text.FillAsync("");
        await Expect(visit.Content.Locator(".bars")).ToHaveCountAsync(0);
        await visit.QuietAsync();
    }

    [ChromiumFact]
    public async Task Names_in_a_text_are_tagged()
    {
        await using var visit = await page.Browser.VisitAsync(page.Server, "playground/entity");
        await Expect(visit.Content.Locator("mark").Filter(new LocatorFilterOptions { HasText = "London" })).ToContainTextAsync("B-LOC");
        await Expect(visit.Content.Locator(".tagged")).ToContainTextAsync("1833");
        await visit.QuietAsync();
    }

    [ChromiumFact]
    public async Task An_image_is_classified()
    {
        using var zip = ZipFile.OpenRead(Path.Combine(RepositoryRoot.Path, "src", "AiAssignments.Local", "samples", "fashion.zip"));
        var entry = zip.Entries.First(entry => entry.FullName.StartsWith("trouser/", StringComparison.Ordinal) && entry.Length > 0);
        using var image = new MemoryStream();
        await using (var stream = entry.Open())
        {
            await stream.CopyToAsync(image);
        }

        await using var visit = await page.Browser.VisitAsync(page.Server, "playground");
        await visit.Page.GetByLabel("Model").SelectOptionAsync("fashion");
        await visit.Page.Locator("#image").SetInputFilesAsync(new FilePayload { Name = entry.Name, MimeType = "image/png", Buffer = image.ToArray() });
        await Expect(visit.Content.Locator(".bars li").First).ToContainTextAsync("trouser");
        Assert.Equal(28, await visit.Content.Locator("img.picture").EvaluateAsync<int>("async image => { await image.decode(); return image.naturalWidth; }"));

        await visit.Page.Locator("#image").SetInputFilesAsync(new FilePayload { Name = "no.png", MimeType = "image/png", Buffer = "no image"u8.ToArray() });
        await Expect(visit.Content.Locator(".answer .problem .code")).ToHaveTextAsync(new Regex("^[a-z]+-[a-z-]+"));
        await visit.QuietAsync("Failed to load resource");
    }
}
