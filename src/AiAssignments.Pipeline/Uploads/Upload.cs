using AiAssignments.Core.Errors;

namespace AiAssignments.Pipeline.Uploads;

/// <summary>A resumable upload of a dataset.</summary>
public sealed record Upload
{
    /// <summary>32 random hex digits; also the id of its job.</summary>
    public required string Id { get; init; }

    /// <summary>File name as given. Hostile: encode it.</summary>
    public required string Name { get; init; }

    /// <summary>Bytes in all.</summary>
    public required long Length { get; init; }

    /// <summary>Bytes received and durable.</summary>
    public long Offset { get; init; }

    /// <summary>Where it stands.</summary>
    public UploadState State { get; init; }

    /// <summary>Whether the dataset is evaluated with the active models of its task once it is registered.</summary>
    public bool Evaluate { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last went on.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it is given up, or its facts are forgotten.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The content hash, once all bytes are there and where it was computed on the way.</summary>
    public string? ContentHash { get; init; }

    /// <summary>The dataset it became.</summary>
    public string? DatasetId { get; init; }

    /// <summary>Why it was refused.</summary>
    public Problem? Problem { get; init; }

    /// <summary>Evaluations that were started.</summary>
    public IReadOnlyList<string> Evaluations { get; init; } = [];
}

/// <summary>Where an upload stands.</summary>
public enum UploadState
{
    /// <summary>Bytes are missing.</summary>
    Receiving,

    /// <summary>All bytes are there; it becomes a dataset.</summary>
    Registering,

    /// <summary>It is a dataset.</summary>
    Registered,

    /// <summary>It is no dataset; the bytes are gone.</summary>
    Refused,
}
