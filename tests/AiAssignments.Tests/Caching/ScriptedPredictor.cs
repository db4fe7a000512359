using System.Collections.Concurrent;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Predictions;

namespace AiAssignments.Tests.Caching;

/// <summary>A predictor that notes each call and answers when the test lets it.</summary>
internal sealed class ScriptedPredictor : IPredictor
{
    private readonly ConcurrentQueue<Call> calls = new();

    public IReadOnlyList<Call> Calls => [.. calls];

    public int CallCount => calls.Count;

    /// <summary>Waited for by each call before it answers.</summary>
    public Func<Call, Task> Gate { get; set; } = _ => Task.CompletedTask;

    /// <summary>The version that answers when none is said.</summary>
    public string Active { get; set; } = "1";

    /// <summary>Makes an answer of a text.</summary>
    public Func<PredictionInput, int, PredictionAnswer> Answer { get; set; } = AnswerOf;

    public static PredictionAnswer AnswerOf(PredictionInput input, int topK) => new(
        [.. Enumerable.Range(0, Math.Min(topK, 12)).Select(i => new LabelProbability($"{input.Text}{input.Pair}-{i}", 0.5f / (i + 1)))], null, false, null);

    public async Task<PredictionResult> PredictAsync(string name, string? version, IReadOnlyList<PredictionInput> inputs, PredictionOptions options, CancellationToken cancellationToken)
    {
        var call = new Call(name, version, inputs, options, cancellationToken);
        calls.Enqueue(call);
        await Gate(call);
        if (options.TopK < 1)
        {
            throw new ProblemException("option-out-of-range", "topK");
        }

        for (var i = 0; i < inputs.Count; i++)
        {
            if (inputs[i].Text is null)
            {
                throw new ProblemException("input-unfit", "A text is needed.", $"input {i}");
            }
        }

        return new PredictionResult(
            new ModelKey(name, version ?? Active),
            [.. inputs.Select(input => Answer(input, options.TopK))],
            new ServeTiming(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(3)),
            0);
    }

    internal sealed record Call(string Name, string? Version, IReadOnlyList<PredictionInput> Inputs, PredictionOptions Options, CancellationToken Token)
    {
        public string[] Texts => [.. Inputs.Select(input => input.Text!)];
    }
}
