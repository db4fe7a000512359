using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace AiAssignments.IntegrationTests.Page;

/// <summary>One look at the page, with an ear for what must not be heard: errors, violations of the policy, dialogs, scripts of others.</summary>
public sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly ConcurrentQueue<string> heard = new();

    internal Visit(IBrowserContext context, IPage page)
    {
        this.context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                heard.Enqueue($"{message.Type}: {message.Text}");
            }
        };
        page.PageError += (_, error) => heard.Enqueue($"error: {error}");
        page.Dialog += async (_, dialog) =>
        {
            heard.Enqueue($"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
    }

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>Where views are drawn.</summary>
    public ILocator Content => Page.Locator("#content");

    /// <summary>The state of the live connection.</summary>
    public ILocator Connection => Page.Locator("#connection");

    /// <summary>The rows of the table, without its head.</summary>
    public ILocator Rows => Content.Locator("tbody tr");

    /// <summary>The modal dialog.</summary>
    public ILocator Modal => Page.Locator("dialog[open]");

    internal Task BeginAsync() => Page.AddInitScriptAsync(
        "window.broken = []; document.addEventListener('securitypolicyviolation', event => window.broken.push(`${event.violatedDirective} ${event.blockedURI}`));");

    /// <summary>Goes to a view.</summary>
    public Task GoAsync(string view) => Page.GotoAsync(view.Length == 0 ? "/" : $"/#/{view}");

    /// <summary>The row that holds a text.</summary>
    public ILocator Row(string text) => Rows.Filter(new LocatorFilterOptions { HasText = text });

    /// <summary>A button by its whole name.</summary>
    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true });

    /// <summary>A link by its whole name.</summary>
    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = name, Exact = true });

    /// <summary>How far the page can be scrolled sideways, pixels.</summary>
    public Task<int> SidewaysAsync() => Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - window.innerWidth");

    /// <summary>Fails when anything was heard, apart from what the test brought about.</summary>
    /// <param name="expected">Parts of messages that are expected.</param>
    public async Task QuietAsync(params string[] expected)
    {
        Assert.DoesNotContain(heard, message => !expected.Any(part => message.Contains(part, StringComparison.Ordinal)));
        Assert.Empty(await Page.EvaluateAsync<string[]>("() => window.broken"));
        Assert.False(await Page.EvaluateAsync<bool>("() => 'stolen' in window"));
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => context.DisposeAsync();
}
