namespace AiAssignments.Pipeline;

/// <summary>Containers and partitions of the document store.</summary>
internal static class Containers
{
    public const string Models = "models";
    public const string Datasets = "datasets";
    public const string Evaluations = "evaluations";
    public const string Optimizations = "optimizations";

    public const string Keys = "keys";
    public const string Uploads = "uploads";

    /// <summary>Comparisons that are kept.</summary>
    public const string Comparisons = "comparisons";

    /// <summary>Answers to requests that carried an idempotency key.</summary>
    public const string Idempotency = "idempotency";

    /// <summary>Ids of evaluations that a user deleted: a dataset that still lies in the drop folder does not bring them back.</summary>
    public const string Deleted = "deleted";

    /// <summary>All documents of a container stand in one partition: there are few, and lists are asked whole.</summary>
    public const string Partition = "all";
}
