using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Scoring;
using AiAssignments.Pipeline.Models;

namespace AiAssignments.Pipeline.Predictions;

/// <summary>Answers predictions with a registered model.</summary>
/// <param name="scorers">The loaded models.</param>
public sealed class Predictor(ScorerPool scorers)
{
    /// <summary>Predicts inputs together.</summary>
    /// <param name="version">The model version.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="topK">Labels an answer, 1 or more; the model's label count bounds it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>One answer an input, in order.</returns>
    /// <exception cref="ProblemException"><c>input-unfit</c>: an input is not what the model's task takes.</exception>
    public async Task<IReadOnlyList<PredictionAnswer>> PredictAsync(
        ModelVersion version, IReadOnlyList<PredictionInput> inputs, int topK, CancellationToken cancellationToken)
    {
        if (topK < 1)
        {
            throw new ProblemException("option-out-of-range", $"The number of labels is {topK}; it must be 1 or more.");
        }

        var records = inputs.Select((input, index) => RecordOf(version.Card.Task, input, index)).ToList();
        using var lease = await scorers.RentAsync(version, cancellationToken).ConfigureAwait(false);
        var scored = await lease.Scorer.ScoreAsync(records, null, cancellationToken).ConfigureAwait(false);
        return [.. scored.Select(one => AnswerOf(version.Card, one, topK))];
    }

    private static DatasetRecord RecordOf(ModelTask task, PredictionInput input, int index)
    {
        var position = new RecordPosition(index, 0);
        return task switch
        {
            ModelTask.ImageClassification when input.Image is { } image => new ImageRecord(position, image, null, null, []),
            ModelTask.TextClassification when input.Text is { } text => new TextRecord(position, text, input.Pair, null, []),
            ModelTask.TokenClassification when input.Text is { } text =>
                new WordsRecord(position, text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), null, []),
            _ => throw new ProblemException(
                "input-unfit",
                $"The model's task is {task.Name()}; it takes {(task == ModelTask.ImageClassification ? "an image" : "a text")}.",
                $"input {index}"),
        };
    }

    private static PredictionAnswer AnswerOf(ModelCard card, ScoredRecord scored, int topK)
    {
        if (scored.Prediction is not { } prediction)
        {
            return new PredictionAnswer(null, null, false, new Problem(scored.Error!.Code, scored.Error.Message));
        }

        if (scored.Record is WordsRecord words)
        {
            var tags = words.Words.Select((word, row) =>
            {
                var best = prediction.Best(row);
                return new WordTag(word, card.Labels[best], prediction.Probabilities[(row * card.Labels.Count) + best]);
            });
            return new PredictionAnswer(null, [.. tags], prediction.Truncated, null);
        }

        var labels = prediction.Probabilities
            .Select((probability, label) => new LabelProbability(card.Labels[label], probability))
            .OrderByDescending(one => one.Probability)
            .Take(topK);
        return new PredictionAnswer([.. labels], null, prediction.Truncated, null);
    }
}
