using System.Net.Http.Headers;
using System.Text;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiAssignments.IntegrationTests.Page;

/// <summary>Names, labels, texts and descriptions that are markup: they are shown as they are, and nothing runs.</summary>
/// <param name="page">The browser and the server.</param>
[Collection(PageGroup.Name)]
public sealed class HostileTests(PageFixture page)
{
    private const string Image = "<img src=x onerror=\"window.stolen=1;alert(1)\">";
    private const string Script = "<script>window.stolen=1;alert(2)</script>";
    private const string Closing = "</title></style></textarea><svg onload=alert(3)>";

    [ChromiumFact]
    public async Task Nothing_of_a_dataset_runs()
    {
        const string Name = "<img src=x onerror=alert(1)>.csv";
        await using var visit = await page.Browser.VisitAsync(page.Server, "datasets");
        var content = "text,label,source\n" + string.Concat(Enumerable.Range(0, 12).Select(i =>
            $"{Quoted($"{i} {Image}{Script}{Closing}")},{(i % 2 == 0 ? "positive" : "negative")},{Quoted(i % 3 == 0 ? Script : Image)}\n"));
        await visit.Page.Locator("#files").SetInputFilesAsync(new FilePayload { Name = Name, MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(content) });
        await Expect(visit.Content.Locator(".uploads li")).ToContainTextAsync("taken in");
        await Expect(visit.Content.Locator(".uploads li")).ToContainTextAsync(Name);
        await visit.Button($"Inspect {Name}").ClickAsync();
        await Expect(visit.Modal.Locator(".examples")).ToContainTextAsync(Image);
        await visit.Page.Keyboard.PressAsync("Escape");

        await visit.GoAsync("evaluations");
        var row = visit.Row(Name).Filter(new LocatorFilterOptions { HasText = "sentiment@" });
        await Expect(row).ToContainTextAsync("completed");
        await row.GetByRole(AriaRole.Link).ClickAsync();
        await UploadTests.InFrameAsync(visit, Name);
        await Expect(visit.Page.FrameLocator("iframe.report").Locator("body")).ToContainTextAsync("onerror=");
        await Expect(visit.Page.FrameLocator("iframe.report").Locator("[onerror], [onload]")).ToHaveCountAsync(0);
        await visit.QuietAsync();
    }

    [ChromiumFact]
    public async Task No_label_that_is_markup_runs()
    {
        var id = await page.Server.AddDatasetAsync("labels <svg onload=alert(4)>.csv", $"text,label\na,{Quoted(Image)}\nb,{Quoted(Script)}\nc,{Quoted(Image)}\nd,{Quoted(Script)}\n");
        await using var visit = await page.Browser.VisitAsync(page.Server, "datasets");
        await visit.Row(id[..12]).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Inspect" }).ClickAsync();
        await Expect(visit.Modal.Locator("tbody")).ToContainTextAsync(Script);
        await Expect(visit.Modal.Locator(".tag").First).ToContainTextAsync("<");
        await visit.Button("Close").ClickAsync();
        await visit.Row(id[..12]).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Delete" }).ClickAsync();
        await Expect(visit.Modal).ToContainTextAsync("svg onload");
        await visit.Modal.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Delete" }).ClickAsync();
        await Expect(visit.Row(id[..12])).ToHaveCountAsync(0);
        await visit.QuietAsync();
    }

    [ChromiumFact]
    public async Task No_description_of_a_model_and_no_typed_text_runs()
    {
        await using var zip = File.OpenRead(ModelZip.Write(page.Server.Scratch("hostile.zip"), "hostile", "1", Image + Script));
        using var body = new StreamContent(zip) { Headers = { ContentType = new MediaTypeHeaderValue("application/zip") } };
        using var reply = await page.Server.Http.PostAsync(new Uri("/api/models", UriKind.Relative), body);
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync());
        await using var visit = await page.Browser.VisitAsync(page.Server, "models");
        await Expect(visit.Page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "hostile", Exact = true })).ToContainTextAsync(Image + Script);

        await visit.GoAsync("playground/entity");
        await visit.Page.GetByLabel("Text", new PageGetByLabelOptions { Exact = true }).FillAsync($"{Image} {Script} London");
        await Expect(visit.Content.Locator(".tagged")).ToContainTextAsync("onerror=");
        await visit.Page.GetByText("As a request").ClickAsync();
        await Expect(visit.Content.Locator("pre").First).ToContainTextAsync("onerror=");
        await visit.GoAsync($"report/{Uri.EscapeDataString(Image)}");
        await Expect(visit.Content.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await visit.QuietAsync("Failed to load resource");
        using var removed = await page.Server.Http.DeleteAsync(new Uri("/api/models/hostile", UriKind.Relative));
    }

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
