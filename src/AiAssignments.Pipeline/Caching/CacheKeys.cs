namespace AiAssignments.Pipeline.Caching;

/// <summary>What all keys of this form of entries begin with. A change of the entries' form changes the number, so that two releases can share one Redis.</summary>
internal static class CacheKeys
{
    public const string Predictions = "aia:p1:";
    public const string Queries = "aia:q1:";

    /// <summary>Where FusionCache keeps when a tag was invalidated.</summary>
    public const string TagPrefix = Queries + "__fc:t:";
}
