namespace AiAssignments.Http.Routes;

/// <summary>Body that asks for a comparison.</summary>
/// <param name="A">Id of the evaluation that is the baseline.</param>
/// <param name="B">Id of the other.</param>
internal sealed record StartComparison(string A, string B);
