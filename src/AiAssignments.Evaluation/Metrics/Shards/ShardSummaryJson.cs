using System.Text.Json.Serialization;

namespace AiAssignments.Evaluation.Metrics.Shards;

/// <summary>The JSON of a <see cref="ShardSummary"/>, generated at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ShardSummary))]
internal sealed partial class ShardSummaryJson : JsonSerializerContext;
