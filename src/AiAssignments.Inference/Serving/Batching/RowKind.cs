namespace AiAssignments.Inference.Serving.Batching;

/// <summary>Rows that may share a batch are of one kind (equal, not the same object).</summary>
/// <param name="Runner">Runs them.</param>
/// <param name="Shape">What must be alike beside the runner, for example sizes that cannot be padded.</param>
/// <param name="MostRows">Most rows of a batch; 1 or more.</param>
/// <param name="MostTokens">Most rows times longest row; a longer row is a batch of its own.</param>
/// <param name="SharesOut">Whether idle lanes each take a part of what waits; not worth it where the graph fixes the batch.</param>
internal sealed record RowKind(IBatchRunner Runner, string Shape, int MostRows, int MostTokens, bool SharesOut = true);
