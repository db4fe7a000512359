namespace AiAssignments.Pipeline.Gateway;

/// <summary>A page of a list.</summary>
/// <typeparam name="T">What it lists.</typeparam>
/// <param name="Items">The items.</param>
/// <param name="Continuation">Token for the next page; <c>null</c> at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Continuation);
