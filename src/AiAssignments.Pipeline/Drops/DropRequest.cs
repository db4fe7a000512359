namespace AiAssignments.Pipeline.Drops;

/// <summary>Input of the workflow <see cref="AcceptDrop"/>.</summary>
/// <param name="Kind">What was dropped.</param>
/// <param name="Name">Its name in the container. Hostile.</param>
/// <param name="ETag">What it was when it was told of.</param>
public sealed record DropRequest(DropKind Kind, string Name, string ETag);

/// <summary>What is dropped.</summary>
public enum DropKind
{
    /// <summary>A dataset, to be evaluated.</summary>
    Dataset,

    /// <summary>A model, to be registered.</summary>
    Model,
}

/// <summary>What became of a drop.</summary>
/// <param name="DatasetId">Id of the dataset.</param>
/// <param name="Evaluations">Ids of its evaluations, new or known.</param>
/// <param name="Model">The registered version as <c>name@version</c>.</param>
public sealed record DropTaken(string? DatasetId = null, IReadOnlyList<string>? Evaluations = null, string? Model = null);
