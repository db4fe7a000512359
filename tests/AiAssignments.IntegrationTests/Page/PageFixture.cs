namespace AiAssignments.IntegrationTests.Page;

/// <summary>One browser and one server, its samples evaluated, for all tests that do not end it.</summary>
public sealed class PageFixture : IAsyncLifetime
{
    /// <summary>The server.</summary>
    public LocalServer Server { get; } = new();

    /// <summary>The browser.</summary>
    public Browser Browser { get; private set; } = null!;

    /// <inheritdoc />
    public async Task InitializeAsync()
    {
        if (Chromium.Path is not null)
        {
            await Server.StartAsync();
            Browser = await Browser.StartAsync();
            await Server.FinishedAsync(4);
        }
    }

    /// <inheritdoc />
    public async Task DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }

        await Server.DisposeAsync();
    }
}
