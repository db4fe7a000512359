namespace AiAssignments.Azure.Documents;

/// <summary>A container as <c>infra/modules/cosmos.bicep</c> makes it on Azure, and <see cref="CosmosDocumentStore.PrepareAsync"/> on an emulator; a test holds the two together.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Filtered">Properties that are filtered by and not sorted by, as JSON paths.</param>
/// <param name="Sorted">Properties that are sorted by, as JSON paths.</param>
/// <param name="TimeToLive">How long after its last change a document is forgotten; <c>null</c>: never.</param>
public sealed record DocumentContainer(string Name, IReadOnlyList<string> Filtered, IReadOnlyList<string> Sorted, TimeSpan? TimeToLive = null)
{
    /// <summary>All containers.</summary>
    public static IReadOnlyList<DocumentContainer> All { get; } =
    [
        new("models", ["active", "card.task"], ["card.name", "quality.accuracy", "registeredAt", "sizeBytes", "parameters"]),
        new("datasets", [], ["registeredAt", "name", "sizeBytes"]),
        new("evaluations", ["model"], []),
        new("optimizations", [], []),
        new("comparisons", ["a", "b"], ["createdAt"]),
        new("keys", [], []),
        new("uploads", [], ["createdAt"], TimeSpan.FromDays(7)),
        new("idempotency", ["expiresAt"], [], TimeSpan.FromDays(2)),
        new("deleted", [], []),
        new("jobs", ["parent", "child"], [], TimeSpan.FromDays(30)),
    ];
}
