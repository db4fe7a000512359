using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiAssignments.IntegrationTests.Page;

/// <summary>Without a mouse.</summary>
/// <param name="page">The browser and the server.</param>
[Collection(PageGroup.Name)]
public sealed class KeyboardTests(PageFixture page)
{
    [ChromiumFact]
    public async Task The_skip_link_comes_first_and_leads_to_the_content()
    {
        await using var visit = await page.Browser.VisitAsync(page.Server, "models");
        await Expect(visit.Content.Locator("h1")).ToHaveTextAsync("Models");
        await visit.Page.Keyboard.PressAsync("Tab");
        await Expect(visit.Link("Skip to the content")).ToBeFocusedAsync();
        await Expect(visit.Link("Skip to the content")).ToBeInViewportAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Content).ToBeFocusedAsync();
        await Expect(visit.Content.Locator("h1")).ToHaveTextAsync("Models");
        await visit.QuietAsync();
    }

    [ChromiumFact]
    public async Task Views_are_reached_by_tab_and_told_to_a_screen_reader()
    {
        await using var visit = await page.Browser.VisitAsync(page.Server);
        for (var i = 0; i < 4; i++)
        {
            await visit.Page.Keyboard.PressAsync("Tab");
        }

        await Expect(visit.Link("Models")).ToBeFocusedAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Content.Locator("h1")).ToHaveTextAsync("Models");
        await Expect(visit.Link("Models")).ToHaveAttributeAsync("aria-current", "page");
        await Expect(visit.Content).ToBeFocusedAsync();
        await Expect(visit.Page.Locator("#announcer")).ToHaveTextAsync("Models · AI Assignments");
        await Expect(visit.Page).ToHaveTitleAsync("Models · AI Assignments");
        await visit.QuietAsync();
    }

    [ChromiumFact]
    public async Task A_dialog_holds_the_focus_closes_by_escape_and_gives_the_focus_back()
    {
        await using var visit = await page.Browser.VisitAsync(page.Server, "datasets");
        var delete = visit.Button("Delete topics.jsonl");
        await delete.FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Button("Keep it")).ToBeFocusedAsync();
        for (var i = 0; i < 6; i++)
        {
            await visit.Page.Keyboard.PressAsync("Tab");
            Assert.True(await visit.Page.EvaluateAsync<bool>("() => document.activeElement === document.body || document.activeElement.closest('dialog[open]') !== null"));
        }

        await visit.Page.Keyboard.PressAsync("Escape");
        await Expect(visit.Modal).ToHaveCountAsync(0);
        await Expect(delete).ToBeFocusedAsync();
        await Expect(visit.Row("topics.jsonl")).ToBeVisibleAsync();

        // The file input behind its label is reached, and shows that it is.
        await visit.Page.Locator("#files").FocusAsync();
        await visit.Page.Keyboard.PressAsync("Shift+Tab");
        await visit.Page.Keyboard.PressAsync("Tab");
        await Expect(visit.Page.Locator("#files")).ToBeFocusedAsync();
        await Expect(visit.Page.Locator("label[for=files]")).ToHaveCSSAsync("outline-style", "solid");
        await visit.QuietAsync();
    }

    [ChromiumFact]
    public async Task Everything_that_can_be_used_has_a_name()
    {
        await using var visit = await page.Browser.VisitAsync(page.Server);
        foreach (var view in new[] { "evaluations", "models", "datasets", "playground/topic", "playground/fashion", "performance" })
        {
            await visit.GoAsync(view);
            await Expect(visit.Content.Locator("[aria-busy]")).ToHaveCountAsync(0);
            var tree = await visit.Page.Locator("body").AriaSnapshotAsync();
            Assert.DoesNotMatch(@"(?m)^\s*- (button|link|textbox|combobox|checkbox|spinbutton|searchbox|progressbar|columnheader|img)(:|\s*\[[^\]]*\])*\s*$", tree);
            var headings = await visit.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 }).CountAsync();
            Assert.Equal(1, headings);
        }

        await visit.QuietAsync();
    }
}
