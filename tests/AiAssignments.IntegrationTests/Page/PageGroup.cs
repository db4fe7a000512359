namespace AiAssignments.IntegrationTests.Page;

/// <summary>Tests that share <see cref="PageFixture"/>, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class PageGroup : ICollectionFixture<PageFixture>
{
    /// <summary>Its name.</summary>
    public const string Name = "page";
}
