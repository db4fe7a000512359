namespace AiAssignments.Evaluation.Datasets.Staging;

/// <summary>What must be done to a dataset before it can be read from any offset.</summary>
public enum StagingNeed
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Decompress gzip (RFC 1952).</summary>
    Gzip,

    /// <summary>Decompress Zstandard (RFC 8878).</summary>
    Zstandard,
}
