using System.Collections.ObjectModel;
using Microsoft.Azure.Cosmos;

namespace AiAssignments.Azure.Documents;

/// <summary>Containers in the SDK's terms.</summary>
internal static class ContainerForm
{
    public static ContainerProperties ToProperties(this DocumentContainer container)
    {
        var policy = new IndexingPolicy { IndexingMode = IndexingMode.Consistent, Automatic = true };
        policy.IncludedPaths.Add(new IncludedPath { Path = "/partition/?" });
        foreach (var property in container.Filtered.Concat(container.Sorted))
        {
            policy.IncludedPaths.Add(new IncludedPath { Path = PathOf(property) + "/?" });
        }

        policy.ExcludedPaths.Add(new ExcludedPath { Path = "/*" });
        foreach (var property in container.Sorted)
        {
            policy.CompositeIndexes.Add(new Collection<CompositePath> { new() { Path = PathOf(property) }, new() { Path = "/id" } });
        }

        return new ContainerProperties(container.Name, "/partition")
        {
            IndexingPolicy = policy,
            DefaultTimeToLive = container.TimeToLive is { } kept ? (int)kept.TotalSeconds : -1,
        };
    }

    private static string PathOf(string property) => "/value/" + property.Replace('.', '/');
}
