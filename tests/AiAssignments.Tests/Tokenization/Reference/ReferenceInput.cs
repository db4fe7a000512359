namespace AiAssignments.Tests.Tokenization.Reference;

/// <summary>Something to encode: a text, a pair, or words.</summary>
internal sealed record ReferenceInput(string Text, string? Pair = null, IReadOnlyList<string>? Words = null);
