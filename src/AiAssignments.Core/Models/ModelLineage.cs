namespace AiAssignments.Core.Models;

/// <summary>Where an optimized version comes from.</summary>
/// <param name="DerivedFrom">The version it was made from, as <c>name@version</c>.</param>
/// <param name="Pass">The pass, for example <c>quantize:dynamic-int8</c>.</param>
/// <param name="Options">The pass's options that made a difference, in one line, for example <c>per-channel reduced-range=auto</c>; <c>null</c> when not said.</param>
/// <param name="GateDataset">Content hash of the dataset that it was judged on; <c>null</c> when it was not.</param>
public sealed record ModelLineage(string DerivedFrom, string Pass, string? Options = null, string? GateDataset = null);
