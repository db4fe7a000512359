namespace AiAssignments.IntegrationTests.Azure;

/// <summary>Tests that share one <see cref="AzuriteServer"/>, each in containers of its own.</summary>
[CollectionDefinition(Name)]
public sealed class AzuriteGroup : ICollectionFixture<AzuriteServer>
{
    /// <summary>Its name.</summary>
    public const string Name = "azurite";
}
