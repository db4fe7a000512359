using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Metrics.Shards;
using AiAssignments.Evaluation.Results;
using AiAssignments.Inference.Scoring;

namespace AiAssignments.Pipeline.Evaluations;

/// <summary>Turns a scored record into the row that is kept of it, its labels in the model's spelling.</summary>
internal sealed class RowBuilder(ModelCard card, LabelDecision labels)
{
    /// <summary>Why a record's labels cannot be compared with the model's; <c>null</c> when they can, or when it has none.</summary>
    public RecordError? Refusal(DatasetRecord record) => record switch
    {
        TextRecord { Label: { } label } when labels.Labels!.Resolve(label) < 0 => Unknown(record, label),
        ImageRecord { Label: { } label } when labels.Labels!.Resolve(label) < 0 => Unknown(record, label),
        WordsRecord { Tags: { } tags } when tags.FirstOrDefault(tag => labels.Tags!.Resolve(tag) is null) is { } tag => Unknown(record, tag),
        _ => null,
    };

    public PredictionRow Row(DatasetRecord record, Prediction prediction) => record switch
    {
        TextRecord text => Classified(
            text, prediction, Excerpts.Cut(text.Pair is null ? text.Text : $"{text.Text} ‖ {text.Pair}"), text.Label, text.Text.Length + (text.Pair?.Length ?? 0)),
        ImageRecord image => Classified(image, prediction, image.Position.Entry ?? $"image {image.Position.Index}", image.Label, 0),
        WordsRecord words => Tagged(words, prediction),
        _ => throw new ArgumentOutOfRangeException(nameof(record)),
    };

    private PredictionRow Classified(DatasetRecord record, Prediction prediction, string input, string? label, int length)
    {
        var best = prediction.Best();
        return new PredictionRow(
            record.Position.Index,
            record.Position.ToString(),
            input,
            label is null ? null : card.Labels[labels.Labels!.Resolve(label)],
            card.Labels[best],
            prediction.Probabilities[best],
            prediction.Probabilities,
            null,
            null,
            null,
            record.Slices,
            length);
    }

    private PredictionRow Tagged(WordsRecord record, Prediction prediction)
    {
        var tags = new string[record.Words.Count];
        var confidence = 1f;
        for (var row = 0; row < tags.Length; row++)
        {
            var best = prediction.Best(row);
            tags[row] = card.Labels[best];
            confidence = Math.Min(confidence, prediction.Probabilities[(row * card.Labels.Count) + best]);
        }

        return new PredictionRow(
            record.Position.Index,
            record.Position.ToString(),
            Excerpts.Cut(string.Join(' ', record.Words)),
            null,
            string.Empty,
            confidence,
            null,
            record.Words,
            record.Tags is { } gold ? [.. gold.Select(tag => labels.Tags!.Resolve(tag)!)] : null,
            tags,
            record.Slices,
            tags.Length);
    }

    private static RecordError Unknown(DatasetRecord record, string label) =>
        new(record.Position, "label-unknown", $"The label '{Excerpts.Cut(label)}' is none of the model's; give a label map if it means one of them.");
}
