using System.Text.Json.Serialization;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports.Json;

/// <summary>Compiled (de)serializers: no reflection at start-up.</summary>
[JsonSerializable(typeof(EvaluationResult))]
[JsonSerializable(typeof(ComparisonResult))]
[JsonSerializable(typeof(PredictionRow))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ReportJsonContext : JsonSerializerContext;
