using AiAssignments.Evaluation.Results;

namespace AiAssignments.Pipeline.Evaluations;

/// <summary>The result of an evaluation in a few lines; the rest is in the report.</summary>
/// <param name="EvaluationId">Its id.</param>
/// <param name="Model">Model version as <c>name@version</c>.</param>
/// <param name="Dataset">Dataset name. Hostile: encode it.</param>
/// <param name="Task">Wire name of the task.</param>
/// <param name="Records">Records scored.</param>
/// <param name="Bad">Records refused.</param>
/// <param name="Metric">Name of the headline metric: <c>accuracy</c>, or <c>entity F1</c>.</param>
/// <param name="Headline">The headline metric with its interval.</param>
/// <param name="MacroF1">Macro F1 with its interval.</param>
/// <param name="RecordsPerSecond">Throughput while scoring.</param>
/// <param name="ReportFolder">Blob path of the report's folder, with a trailing <c>/</c>.</param>
/// <param name="FinishedAt">When it was scored; <c>null</c> in outcomes from before this was noted.</param>
/// <param name="ModelHash">Content hash of the model version; <c>null</c> in outcomes from before this was noted.</param>
public sealed record EvaluationOutcome(
    string EvaluationId,
    string Model,
    string Dataset,
    string Task,
    long Records,
    long Bad,
    string Metric,
    MetricEstimate Headline,
    MetricEstimate MacroF1,
    double RecordsPerSecond,
    string ReportFolder,
    DateTimeOffset? FinishedAt = null,
    string? ModelHash = null);
