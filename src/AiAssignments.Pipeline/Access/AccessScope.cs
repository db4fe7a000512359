namespace AiAssignments.Pipeline.Access;

/// <summary>What a caller may do; each includes the ones before it.</summary>
public enum AccessScope
{
    /// <summary>Nothing is asked: health, the page's files.</summary>
    Anonymous,

    /// <summary>Look, and predict.</summary>
    Read,

    /// <summary>Upload, start, cancel, delete datasets and evaluations.</summary>
    Write,

    /// <summary>Change what serves: models, keys, memory.</summary>
    Admin,
}
