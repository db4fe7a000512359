namespace AiAssignments.Pipeline.Models.Quality;

/// <summary>How well a model version did in its finished evaluations. Written by the pipeline, never by a caller.</summary>
/// <param name="Accuracy">Mean of the headline metrics of its evaluations, 0..1, weighted by none.</param>
/// <param name="Lower">Lower end of the latest evaluation's 95 % interval; <c>null</c> when it has none.</param>
/// <param name="Upper">Upper end of it.</param>
/// <param name="Metric">Name of the headline metric: <c>accuracy</c>, or <c>entity F1</c>.</param>
/// <param name="Evaluations">Finished evaluations whose headline metric is defined, 1 or more.</param>
/// <param name="Records">Records scored in them.</param>
public sealed record ModelQuality(double Accuracy, double? Lower, double? Upper, string Metric, int Evaluations, long Records);
