namespace AiAssignments.Tests.Azure.Documents;

/// <summary>One operation of a batch.</summary>
/// <param name="Type">What it does, as the wire numbers it.</param>
/// <param name="Id">The document's id, as it is stored.</param>
internal sealed record BatchOperation(int Type, string Id);
