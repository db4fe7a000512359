namespace AiAssignments.Inference.Protocol;

/// <summary>One line of the repository's index.</summary>
/// <param name="Name">Model name.</param>
/// <param name="Version">Version.</param>
/// <param name="State"><c>READY</c>, <c>LOADING</c>, <c>UNLOADING</c> or <c>UNAVAILABLE</c>.</param>
/// <param name="Reason">Why it is unavailable; empty otherwise.</param>
public sealed record RepositoryEntry(string Name, string Version, string State, string Reason);
