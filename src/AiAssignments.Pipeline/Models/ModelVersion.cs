using System.Text.Json.Serialization;
using AiAssignments.Core.Models;
using AiAssignments.Pipeline.Models.Quality;

namespace AiAssignments.Pipeline.Models;

/// <summary>A registered model version: an immutable folder of blobs and its facts.</summary>
public sealed record ModelVersion
{
    /// <summary>The card.</summary>
    public required ModelCard Card { get; init; }

    /// <summary>Hash over the version's files.</summary>
    public required string ContentHash { get; init; }

    /// <summary>Size of the graph and its external data, bytes.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>Number of weights.</summary>
    public required long Parameters { get; init; }

    /// <summary>The version's files, relative to <see cref="BlobPrefix"/>, separated by <c>/</c>.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>When it was registered.</summary>
    public required DateTimeOffset RegisteredAt { get; init; }

    /// <summary>Whether it is the version that its name stands for. The newest registered one is, until another is promoted.</summary>
    public required bool Active { get; init; }

    /// <summary>How well it did in its finished evaluations; <c>null</c> before the first.</summary>
    public ModelQuality? Quality { get; init; }

    /// <summary>For a version that an optimization made: what its gate said. Anything but accepted is not served.</summary>
    public GateState? Gate { get; init; }

    /// <summary>Whether it may answer predictions and be promoted.</summary>
    [JsonIgnore]
    public bool IsServed => Gate is null or GateState.Accepted;

    /// <summary><c>name@version</c>.</summary>
    public string Reference => $"{Card.Name}@{Card.Version}";

    /// <summary>Where its files lie in the blob store.</summary>
    public string BlobPrefix => $"models/{Card.Name}/{Card.Version}/";
}
