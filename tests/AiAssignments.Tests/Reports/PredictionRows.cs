using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Reports;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Tests.Reports;

/// <summary>Prediction rows as a shard has them.</summary>
internal static class PredictionRows
{
    public static readonly PredictionColumns Texts = new(ModelTask.TextClassification, ["negative", "positive"], ["source"]);

    public static readonly PredictionColumns Tags = new(ModelTask.TokenClassification, ["O", "B-PER"], []);

    public static PredictionRow Text(long record, string input = "a film", string? truth = "positive", string predicted = "positive", float confidence = 0.75f) =>
        new(record, $"line {record + 1}", input, truth, predicted, confidence, [1 - confidence, confidence], null, null, null, ["imdb"], input.Length);

    public static PredictionRow Sentence(long record, string[] words, string[]? gold, string[] predicted) =>
        new(record, $"line {record + 1}", string.Join(' ', words), null, string.Empty, 0.5f, null, words, gold, predicted, [], words.Length);

    public static async IAsyncEnumerable<PredictionRow> Stream(IEnumerable<PredictionRow> rows)
    {
        foreach (var row in rows)
        {
            await Task.CompletedTask;
            yield return row;
        }
    }
}
