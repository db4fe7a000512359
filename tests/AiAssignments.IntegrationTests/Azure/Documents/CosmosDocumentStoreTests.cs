using AiAssignments.Azure.Documents;
using AiAssignments.Core.Storage;
using AiAssignments.Tests.Embedded.Contracts;

namespace AiAssignments.IntegrationTests.Azure.Documents;

/// <summary>The contract that SQLite's store keeps, kept by Cosmos DB's.</summary>
public sealed class CosmosDocumentStoreTests(CosmosServer server) : DocumentStoreContract, IClassFixture<CosmosServer>, IAsyncLifetime
{
    private CosmosDocumentStore? store;

    protected override IDocumentStore Store => store!;

    public async Task InitializeAsync()
    {
        if (CosmosServer.Missing is null)
        {
            store = await server.OpenAsync(new("c", ["good", "inner.depth"], ["name", "score", "quality.accuracy"]), new("d", [], []));
        }
    }

    public Task DisposeAsync()
    {
        store?.Dispose();
        return Task.CompletedTask;
    }
}
