namespace AiAssignments.Core.Models;

/// <summary>Where an optimized version comes from.</summary>
/// <param name="DerivedFrom">The version it was made from, as <c>name@version</c>.</param>
/// <param name="Pass">The pass and its options, for example <c>quantize:dynamic-int8</c>.</param>
public sealed record ModelLineage(string DerivedFrom, string Pass);
