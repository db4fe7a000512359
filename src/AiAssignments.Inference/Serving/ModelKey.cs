namespace AiAssignments.Inference.Serving;

/// <summary>One version of one model.</summary>
/// <param name="Name">Model name.</param>
/// <param name="Version">Version.</param>
public readonly record struct ModelKey(string Name, string Version)
{
    /// <inheritdoc />
    public override string ToString() => $"{Name}@{Version}";
}
