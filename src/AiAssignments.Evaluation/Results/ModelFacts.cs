namespace AiAssignments.Evaluation.Results;

/// <summary>Which model version was scored.</summary>
/// <param name="Name">Model name.</param>
/// <param name="Version">Model version.</param>
/// <param name="Task">Wire name of the task.</param>
/// <param name="ContentHash">Hash over the version's files, <c>xxh128:</c> and 32 hex digits.</param>
/// <param name="SizeBytes">Size of the graph and its external data.</param>
/// <param name="Parameters">Number of weights.</param>
/// <param name="Description">The card's description.</param>
public sealed record ModelFacts(string Name, string Version, string Task, string ContentHash, long SizeBytes, long Parameters, string? Description);
