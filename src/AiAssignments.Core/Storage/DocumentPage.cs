namespace AiAssignments.Core.Storage;

/// <summary>One page of a query.</summary>
/// <typeparam name="T">The fact that the documents hold.</typeparam>
/// <param name="Items">The documents.</param>
/// <param name="Continuation">Opaque token for the next page; <c>null</c> at the end.</param>
public sealed record DocumentPage<T>(IReadOnlyList<Document<T>> Items, string? Continuation);
