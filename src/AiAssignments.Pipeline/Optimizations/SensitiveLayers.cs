namespace AiAssignments.Pipeline.Optimizations;

/// <summary>Layers by how much quantizing them hurts, worst first.</summary>
/// <param name="Names">Node names.</param>
public sealed record SensitiveLayers(IReadOnlyList<string> Names)
{
    /// <summary>The layers that an attempt leaves in float: none at first, then one, two, four and so on, but never all: that would be the model as it was.</summary>
    /// <param name="attempt">From 1.</param>
    public IReadOnlyList<string> ForAttempt(int attempt) => [.. Names.Take(attempt < 2 ? 0 : Math.Min(1 << Math.Min(attempt - 2, 20), Names.Count - 1))];
}
