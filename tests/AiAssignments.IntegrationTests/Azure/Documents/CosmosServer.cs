using System.Diagnostics;
using System.Globalization;
using AiAssignments.Azure.Documents;
using AiAssignments.Tests.Support;
using Microsoft.Azure.Cosmos;

namespace AiAssignments.IntegrationTests.Azure.Documents;

/// <summary>
/// <c>@vercel/cosmosdb-server</c> 1.0.1, run through node (npm ci in <c>Azure/cosmos</c> puts it there), and a store's client for every database asked for.
/// What it lacks is told in <see cref="CosmosFront"/> and in <c>docs/decisions/0018-cosmos-documents.md</c>.
/// </summary>
public sealed class CosmosServer : IAsyncLifetime
{
    private Process? process;
    private Uri? address;

    /// <summary>Why there is none; <c>null</c> when there is one.</summary>
    public static string? Missing { get; } = Directory.Exists(Path.Combine(Folder, "node_modules", "@vercel", "cosmosdb-server"))
        ? null
        : "needs the npm package @vercel/cosmosdb-server: run npm ci in tests/AiAssignments.IntegrationTests/Azure/cosmos";

    private static string Folder => Path.Combine(RepositoryRoot.Path, "tests", "AiAssignments.IntegrationTests", "Azure", "cosmos");

    public async Task InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        process = Process.Start(new ProcessStartInfo("node", ["serve.mjs"]) { WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var port = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1));
        address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{int.Parse(port!, CultureInfo.InvariantCulture)}/"));
    }

    /// <summary>Opens a store over a database of its own, with these containers.</summary>
    public async Task<CosmosDocumentStore> OpenAsync(params DocumentContainer[] containers)
    {
        var settings = new CosmosSettings
        {
            ConnectionString = $"AccountEndpoint={address};AccountKey={Convert.ToBase64String(new byte[64])}",
            Database = $"d{Guid.NewGuid():N}",
            ConnectionMode = ConnectionMode.Gateway,
        };
        var store = CosmosDocuments.Connect(settings, null, () => new HttpClient(new CosmosFront(new SocketsHttpHandler())));
        await store.MakeAsync(containers, default);
        return store;
    }

    public Task DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            process.Kill();
            process.WaitForExit(10_000);
        }

        process?.Dispose();
        return Task.CompletedTask;
    }
}
