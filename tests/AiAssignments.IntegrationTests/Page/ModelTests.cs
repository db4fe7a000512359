using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiAssignments.IntegrationTests.Page;

/// <summary>A model's life: uploaded, promoted, deleted.</summary>
/// <param name="page">The browser and the server.</param>
[Collection(PageGroup.Name)]
public sealed class ModelTests(PageFixture page)
{
    [ChromiumFact]
    public async Task A_model_is_uploaded_promoted_and_deleted()
    {
        var first = ModelZip.Write(page.Server.Scratch("first.zip"), "twin", "1", "The first.");
        var second = ModelZip.Write(page.Server.Scratch("second.zip"), "twin", "2", "The second.");
        await using var visit = await page.Browser.VisitAsync(page.Server, "models");
        foreach (var (zip, version) in new[] { (first, "1"), (second, "2") })
        {
            await visit.Page.Locator("#zips").SetInputFilesAsync(zip);
            await Expect(visit.Content.Locator(".uploads li").Last).ToContainTextAsync($"registeredtwin {version}");
        }

        var card = visit.Page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "twin", Exact = true });
        await Expect(Version("2")).ToContainTextAsync("active");
        await visit.Button("Promote twin 1").ClickAsync();
        await Expect(Version("1")).ToContainTextAsync("active");

        // Whoever pressed it without a mouse is still where it was.
        var versions = visit.Page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "Versions of twin", Exact = true });
        await Expect(versions).ToBeFocusedAsync();

        await visit.Button("Delete twin 2").ClickAsync();
        await visit.Button("Keep it").ClickAsync();
        await Expect(Version("2")).ToBeVisibleAsync();
        await visit.Button("Delete twin 2").ClickAsync();
        await visit.Modal.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Delete" }).ClickAsync();
        await Expect(Version("2")).ToHaveCountAsync(0);
        await Expect(versions).ToBeFocusedAsync();

        await visit.Button("Delete the model twin").ClickAsync();
        await Expect(visit.Modal).ToContainTextAsync("with all its versions");
        await visit.Modal.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Delete" }).ClickAsync();
        await Expect(card).ToHaveCountAsync(0);
        await Expect(visit.Content).ToBeFocusedAsync();
        await visit.QuietAsync();

        ILocator Version(string version) => card.Locator("tbody tr").Filter(new LocatorFilterOptions { HasText = version == "1" ? "The first." : "The second." });
    }

    [ChromiumFact]
    public async Task What_is_no_model_is_refused_where_it_was_dropped()
    {
        await using var visit = await page.Browser.VisitAsync(page.Server, "models");
        await visit.Page.Locator("#zips").SetInputFilesAsync(new FilePayload { Name = "no.zip", MimeType = "application/zip", Buffer = "PK no"u8.ToArray() });
        await Expect(visit.Content.Locator(".uploads li .problem .code")).ToHaveTextAsync(new Regex("^[a-z]+-[a-z-]+$"));
        await visit.QuietAsync("Failed to load resource");
    }
}
