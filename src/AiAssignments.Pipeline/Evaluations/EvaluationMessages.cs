namespace AiAssignments.Pipeline.Evaluations;

/// <summary>Input of <see cref="PlanEvaluationActivity"/>.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="StartedAt">When the workflow started.</param>
public sealed record PlanEvaluationInput(EvaluationRequest Request, DateTimeOffset StartedAt);

/// <summary>Result of <see cref="PlanEvaluationActivity"/>; the plan itself is a blob.</summary>
/// <param name="Shards">Number of shards.</param>
/// <param name="Records">Number of records.</param>
public sealed record PlannedEvaluation(int Shards, long Records);

/// <summary>Input of <see cref="ScoreShardActivity"/>.</summary>
/// <param name="EvaluationId">The evaluation, whose plan is a blob.</param>
/// <param name="Shard">Ordinal of the shard.</param>
public sealed record ScoreShardInput(string EvaluationId, int Shard);

/// <summary>Result of <see cref="ScoreShardActivity"/>; its rows and figures are blobs.</summary>
/// <param name="Records">Records scored.</param>
/// <param name="Bad">Records refused.</param>
public sealed record ScoredShard(long Records, long Bad);

/// <summary>Input of <see cref="WriteReportActivity"/>.</summary>
/// <param name="EvaluationId">The evaluation.</param>
/// <param name="FinishedAt">When scoring was finished.</param>
public sealed record WriteReportInput(string EvaluationId, DateTimeOffset FinishedAt);
