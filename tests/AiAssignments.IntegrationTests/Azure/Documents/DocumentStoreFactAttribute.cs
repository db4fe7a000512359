using AiAssignments.IntegrationTests.Azure.Documents;

namespace AiAssignments.Tests.Embedded.Contracts;

/// <summary>A fact of the document stores' contract, over the Cosmos DB API server; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DocumentStoreFactAttribute : FactAttribute
{
    public DocumentStoreFactAttribute() => Skip = CosmosServer.Missing;
}
