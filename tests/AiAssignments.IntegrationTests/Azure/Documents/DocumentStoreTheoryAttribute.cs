using AiAssignments.IntegrationTests.Azure.Documents;

namespace AiAssignments.Tests.Embedded.Contracts;

/// <summary>As <see cref="DocumentStoreFactAttribute"/>, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DocumentStoreTheoryAttribute : TheoryAttribute
{
    public DocumentStoreTheoryAttribute() => Skip = CosmosServer.Missing;
}
