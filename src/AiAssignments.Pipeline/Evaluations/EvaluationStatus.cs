namespace AiAssignments.Pipeline.Evaluations;

/// <summary>What a status request sees of a running evaluation.</summary>
/// <param name="Stage"><c>planning</c>, <c>scoring</c>, <c>reporting</c> or <c>completed</c>.</param>
/// <param name="ShardsDone">Shards scored.</param>
/// <param name="Shards">Shards in all; 0 while planning.</param>
/// <param name="Records">Records in all; 0 while planning.</param>
public sealed record EvaluationStatus(string Stage, int ShardsDone, int Shards, long Records);
