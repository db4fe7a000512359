namespace AiAssignments.Pipeline.Gateway;

/// <summary>Which page of a list is asked for.</summary>
/// <param name="Sort">Name of the property that the list is sorted by.</param>
/// <param name="Descending">The last first.</param>
/// <param name="Size">Items a page, 1..1000.</param>
/// <param name="Continuation">Token of the page before; <c>null</c> for the first. Hostile.</param>
public sealed record PageRequest(string Sort, bool Descending, int Size, string? Continuation);
