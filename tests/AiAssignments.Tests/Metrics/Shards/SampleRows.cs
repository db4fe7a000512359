using AiAssignments.Core.Datasets;
using AiAssignments.Core.Evaluations;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Metrics.Shards;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Tests.Metrics.Shards;

/// <summary>Rows and facts for tests.</summary>
internal static class SampleRows
{
    private static readonly DateTimeOffset Start = new(2024, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public static PredictionRow Classified(long record, string? truth, string predicted, float confidence = 0.75f, string slice = "a", int length = 10) =>
        new(record, $"line {record}", $"text {record}", truth, predicted, confidence, predicted == "no" ? [confidence, 1 - confidence] : [1 - confidence, confidence], null, null, null, [slice], length);

    public static PredictionRow Tagged(long record, string[]? gold, string[] predicted, float confidence = 0.75f) =>
        new(record, $"line {record}", $"text {record}", null, string.Empty, confidence, null, [.. predicted.Select((_, i) => $"w{i}")], gold, predicted, ["a"], predicted.Length);

    public static EvaluationShape Shape(ModelTask task) => new(
        task,
        task == ModelTask.TokenClassification ? ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"] : ["no", "yes"],
        ["source"],
        new EvaluationOptions { BootstrapSamples = 100 });

    public static EvaluationFacts Facts() => new(
        "e1",
        new ModelFacts("m", "1", "text-classification", "xxh128:0", 1, 2, null),
        new DatasetFacts("d.csv", "xxh128:1", 3, "csv", "name"),
        new MachineFacts("cpu", 2, "AVX2", 4, "os", "net", "ort", "CPU", "no", "0"),
        Start,
        Start.AddMinutes(1));

    public static EvaluationAggregate Fill(EvaluationShape shape, IEnumerable<PredictionRow> rows)
    {
        var aggregate = new EvaluationAggregate(shape);
        foreach (var row in rows)
        {
            aggregate.Add(new RecordPosition(row.Record, row.Record * 10, row.Record + 1), row, row.Record % 7 == 0);
        }

        return aggregate;
    }

    public static EvaluationResult Result(EvaluationShape shape, IEnumerable<PredictionRow> rows) => Fill(shape, rows).ToResult(Facts());
}
