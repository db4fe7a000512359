using AiAssignments.Pipeline.Datasets;

namespace AiAssignments.Pipeline.Uploads;

/// <summary>What an upload became.</summary>
/// <param name="Dataset">The registered dataset; the one of the same bytes, if there was one.</param>
/// <param name="Evaluations">Ids of evaluations that were started or are known.</param>
public sealed record ReceivedDataset(Dataset Dataset, IReadOnlyList<string> Evaluations);
