namespace AiAssignments.Pipeline.Caching;

/// <summary>What a cached query's result was made of. One tag a container of documents: whatever is written there invalidates it.</summary>
public static class CacheTags
{
    /// <summary>Registered versions, which one is active, their quality.</summary>
    public const string Models = Containers.Models;

    /// <summary>Registered datasets.</summary>
    public const string Datasets = Containers.Datasets;

    /// <summary>Outcomes of finished evaluations.</summary>
    public const string Evaluations = Containers.Evaluations;
}
