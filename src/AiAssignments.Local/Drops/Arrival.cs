using AiAssignments.Pipeline.Drops;

namespace AiAssignments.Local.Drops;

/// <summary>Something that was dropped.</summary>
/// <param name="Name">What to call it. Hostile: encode it.</param>
/// <param name="AcceptAsync">Takes it in.</param>
internal sealed record Arrival(string Name, Func<CancellationToken, Task<Accepted>> AcceptAsync);

/// <summary>What became of an arrival.</summary>
/// <param name="Dataset">Of a dataset; <c>null</c> for a model.</param>
/// <param name="Remark">What to tell of a model; <c>null</c> for what was taken in before an earlier stop.</param>
internal sealed record Accepted(DropOutcome? Dataset, string? Remark = null);
