using AiAssignments.Core.Datasets;

namespace AiAssignments.Pipeline.Datasets;

/// <summary>A registered dataset: immutable, staged (uncompressed) in the blob store.</summary>
public sealed record Dataset
{
    /// <summary>Id: the 32 hex digits of <see cref="ContentHash"/>.</summary>
    public required string Id { get; init; }

    /// <summary>File name as given. Hostile: encode it wherever it is shown.</summary>
    public required string Name { get; init; }

    /// <summary><c>xxh128:</c> and 32 hex digits, over the bytes as given (a folder: over its packed form).</summary>
    public required string ContentHash { get; init; }

    /// <summary>Size of the original, bytes.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>Blob path of the staged form.</summary>
    public required string StagedPath { get; init; }

    /// <summary>File name of the staged form: without <c>.gz</c> or <c>.zst</c>.</summary>
    public required string StagedName { get; init; }

    /// <summary>What was recognized with default options.</summary>
    public required DatasetDescription Description { get; init; }

    /// <summary>When it was registered.</summary>
    public required DateTimeOffset RegisteredAt { get; init; }
}
