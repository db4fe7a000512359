namespace AiAssignments.Bench.Running;

/// <summary>How far a bench is.</summary>
/// <param name="Step">What is measured now.</param>
/// <param name="Round">Round, 1-based; 0: before the first.</param>
/// <param name="Rounds">Rounds that are planned.</param>
/// <param name="Done">Steps that are over.</param>
/// <param name="Steps">Steps that are planned.</param>
public sealed record BenchProgress(string Step, int Round, int Rounds, int Done, int Steps);
