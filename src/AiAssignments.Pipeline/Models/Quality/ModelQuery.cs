using AiAssignments.Core.Models;

namespace AiAssignments.Pipeline.Models.Quality;

/// <summary>Which models are wanted, in what order. A model stands for its active version: the filters and the order look at that one.</summary>
public sealed record ModelQuery
{
    /// <summary>Only models of this task; <c>null</c> for all.</summary>
    public ModelTask? Task { get; init; }

    /// <summary>Only models whose <see cref="ModelQuality.Accuracy"/> is at least this, 0..1; <c>null</c> for all, also those that were never evaluated.</summary>
    public double? MinAccuracy { get; init; }

    /// <summary><c>name</c> (default), <c>registeredAt</c>, <c>accuracy</c>, <c>sizeBytes</c> or <c>parameters</c>; with a <c>-</c> before it, downwards. Models without the value come first, downwards last.</summary>
    public string Sort { get; init; } = "name";

    /// <summary>Models a page, 1..1000. Default 100.</summary>
    public int PageSize { get; init; } = 100;

    /// <summary>Token of the page before; <c>null</c> for the first page.</summary>
    public string? Continuation { get; init; }
}
