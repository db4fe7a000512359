using System.Collections.Concurrent;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Serving;

namespace AiAssignments.Pipeline.Predictions;

/// <summary>Answers predictions with the models of a server.</summary>
/// <param name="server">The server.</param>
public sealed class Predictor(IModelServer server) : IPredictor
{
    // What a name's model did last; names of models that answered, so there are no more of them than models.
    private readonly ConcurrentDictionary<(string Name, string? Version), ModelTask> tasks = new();

    /// <inheritdoc />
    public async Task<PredictionResult> PredictAsync(
        string name, string? version, IReadOnlyList<PredictionInput> inputs, PredictionOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(options);
        if (options.TopK < 1)
        {
            throw new ProblemException("option-out-of-range", $"The number of labels is {options.TopK}; it must be 1 or more.");
        }

        if (inputs.Count == 0)
        {
            throw new ProblemException("input-unfit", "The request has no inputs; at least one is needed.");
        }

        var served = await ServeAsync(name, version, inputs, new() { Logits = options.Logits, Timeout = options.Timeout }, cancellationToken).ConfigureAwait(false);
        tasks[(name, version)] = served.Card.Task;
        var answers = new PredictionAnswer[served.Records.Count];
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = AnswerOf(served.Card, served.Records[i], options.TopK) with { Logits = served.Records[i].Prediction?.Logits };
        }

        return new(served.Key, answers, served.Timing, 0);
    }

    private async Task<ServedPredictions> ServeAsync(
        string name, string? version, IReadOnlyList<PredictionInput> inputs, ServeOptions options, CancellationToken cancellationToken)
    {
        // Text makes a different record for a classifier than for a tagger. Which of them it is, the server knows once the model is loaded; from then on
        // it is known here, until a version with another task takes the name.
        try
        {
            var task = tasks.TryGetValue((name, version), out var last) ? last : GuessOf(inputs);
            return await server.PredictAsync(name, version, RecordsOf(task, inputs), options, cancellationToken).ConfigureAwait(false);
        }
        catch (ProblemException unfit) when (unfit.Problem.Code is "record-task-mismatch" or "input-unfit")
        {
            var status = await server.FindAsync(name, version, cancellationToken).ConfigureAwait(false);
            if (status?.Card is not { } card)
            {
                throw;
            }

            return await server.PredictAsync(name, version, RecordsOf(card.Task, inputs), options, cancellationToken).ConfigureAwait(false);
        }
    }

    private static ModelTask GuessOf(IReadOnlyList<PredictionInput> inputs) =>
        inputs[0].Image is null ? ModelTask.TextClassification : ModelTask.ImageClassification;

    private static List<DatasetRecord> RecordsOf(ModelTask task, IReadOnlyList<PredictionInput> inputs)
    {
        var records = new List<DatasetRecord>(inputs.Count);
        for (var i = 0; i < inputs.Count; i++)
        {
            records.Add(RecordOf(task, inputs[i], i));
        }

        return records;
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
            _ => throw Unfit(task, index),
        };
    }

    private static ProblemException Unfit(ModelTask task, int index) => new(
        "input-unfit",
        $"The model's task is {task.Name()}; it takes {(task == ModelTask.ImageClassification ? "an image" : "a text")}.",
        $"input {index}");

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
