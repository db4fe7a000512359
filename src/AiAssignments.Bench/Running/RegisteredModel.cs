namespace AiAssignments.Bench.Running;

/// <summary>A model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">The version it stands for.</param>
/// <param name="Task">Wire name of what it does.</param>
/// <param name="Labels">Its labels.</param>
internal sealed record RegisteredModel(string Name, string Version, string Task, IReadOnlyList<string> Labels)
{
    /// <summary>Where it is asked.</summary>
    public string PredictPath => $"/api/models/{Uri.EscapeDataString(Name)}/predict";
}
