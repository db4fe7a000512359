namespace AiAssignments.Evaluation.Results;

/// <summary>Which dataset it was scored on.</summary>
/// <param name="Name">File name as given. Hostile: encode it.</param>
/// <param name="ContentHash"><c>xxh128:</c> and 32 hex digits of the original bytes.</param>
/// <param name="SizeBytes">Size of the original.</param>
/// <param name="Format">Format, and layout when known, for example <c>csv (AG News)</c>.</param>
/// <param name="LabelMatch">How labels were matched to the model's: <c>name</c>, <c>index</c>, <c>1-based index</c>, <c>map</c>, <c>declared names</c>.</param>
public sealed record DatasetFacts(string Name, string ContentHash, long SizeBytes, string Format, string LabelMatch);
