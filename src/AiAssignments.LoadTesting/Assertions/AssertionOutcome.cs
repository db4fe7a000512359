namespace AiAssignments.LoadTesting.Assertions;

/// <summary>A condition and what became of it.</summary>
/// <param name="Text">As it was asked for: <c>p99&gt;25ms</c>.</param>
/// <param name="Failed">Whether it makes the test fail.</param>
/// <param name="Actual">The measured value in words; <c>nothing measured</c> when there is none, which fails.</param>
public sealed record AssertionOutcome(string Text, bool Failed, string Actual);
