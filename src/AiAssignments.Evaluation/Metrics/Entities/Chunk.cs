namespace AiAssignments.Evaluation.Metrics.Entities;

/// <summary>An entity in a sentence.</summary>
/// <param name="Start">First word.</param>
/// <param name="End">One past the last word.</param>
/// <param name="Type">Type.</param>
public readonly record struct Chunk(int Start, int End, string Type);
