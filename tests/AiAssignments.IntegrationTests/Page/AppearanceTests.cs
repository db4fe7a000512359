using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiAssignments.IntegrationTests.Page;

/// <summary>On a phone, in the dark, and legible.</summary>
/// <param name="page">The browser and the server.</param>
[Collection(PageGroup.Name)]
public sealed class AppearanceTests(PageFixture page)
{
    private static readonly string[] Views = ["evaluations", "models", "optimizations", "datasets", "playground/entity", "playground/fashion", "performance"];

    [ChromiumFact]
    public async Task A_phone_never_scrolls_sideways()
    {
        await using var visit = await page.Browser.VisitAsync(page.Server, width: 390, height: 844);
        foreach (var view in Views)
        {
            await OpenAsync(visit, view);
            Assert.True(await visit.SidewaysAsync() <= 0, $"{view} scrolls sideways");
            await Expect(visit.Page.Locator("#views [aria-current]")).ToBeInViewportAsync();
        }

        await visit.GoAsync("evaluations");
        await visit.Row("topics.jsonl").Last.GetByRole(AriaRole.Link).ClickAsync();
        await UploadTests.InFrameAsync(visit, "topics.jsonl");
        Assert.True(await visit.SidewaysAsync() <= 0, "the report scrolls sideways");
        await visit.QuietAsync();
    }

    [ChromiumFact]
    public async Task Light_and_dark_are_legible()
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using var visit = await page.Browser.VisitAsync(page.Server, scheme: scheme);
            var share = await visit.Page.EvaluateAsync<double>("() => getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 765");
            Assert.True(scheme == ColorScheme.Dark ? share < 0.2 : share > 0.8);
            foreach (var view in Views)
            {
                await OpenAsync(visit, view);

                // WCAG 2.2, 1.4.3: 4.5 to 1 for text.
                var faint = await visit.Page.EvaluateAsync<string[]>(
                    """
                    () => {
                      const parts = color => color.match(/[\d.]+/g).map(Number);
                      const luminance = color => parts(color).slice(0, 3).map(part => part / 255).map(part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
                        .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
                      const behind = element => {
                        for (let one = element; one; one = one.parentElement) {
                          const color = getComputedStyle(one).backgroundColor;
                          if ((parts(color)[3] ?? 1) === 1) {
                            return color;
                          }
                        }
                        return 'rgb(255, 255, 255)';
                      };
                      return [...document.querySelectorAll('body *')]
                        .filter(element => [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()) && element.getClientRects().length > 0 && !element.closest('.unseen, noscript, option'))
                        .map(element => {
                          const [a, b] = [luminance(getComputedStyle(element).color), luminance(behind(element))];
                          return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), element];
                        })
                        .filter(([ratio]) => ratio < 4.5)
                        .map(([ratio, element]) => `${element.className || element.tagName} ${element.textContent.slice(0, 30)} ${ratio.toFixed(2)}`);
                    }
                    """);
                Assert.True(faint.Length == 0, $"{scheme} {view}: {string.Join("; ", faint.Take(5))}");
            }

            await visit.QuietAsync();
        }
    }

    private static async Task OpenAsync(Visit visit, string view)
    {
        await visit.GoAsync(view);
        await Expect(visit.Content.Locator("[aria-busy]")).ToHaveCountAsync(0);
        if (view == "playground/entity")
        {
            await Expect(visit.Content.Locator("mark").First).ToBeVisibleAsync();
        }
    }
}
