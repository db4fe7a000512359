namespace AiAssignments.Pipeline.Datasets;

/// <summary>How often a label occurs.</summary>
/// <param name="Label">The label as the data spells it.</param>
/// <param name="Count">How often.</param>
public sealed record LabelCount(string Label, long Count);
