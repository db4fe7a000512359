namespace AiAssignments.Optimization.Passes;

/// <summary>What a pass did.</summary>
/// <param name="Facts">Numbers for the report, in the order to show them.</param>
/// <param name="Notes">Sentences for the report: what was left alone and why.</param>
public sealed record PassResult(IReadOnlyList<PassFact> Facts, IReadOnlyList<string> Notes);
