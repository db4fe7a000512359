using AiAssignments.Core.Errors;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Predictions;

namespace AiAssignments.Tests.Gateway;

/// <summary>Answers with what it was asked, so that a test sees what reached it. Some model names stand for what a server may do.</summary>
internal sealed class FakePredictor : IPredictor
{
    public List<(string Name, string? Version, IReadOnlyList<PredictionInput> Inputs, PredictionOptions Options)> Asked { get; } = [];

    public Task<PredictionResult> PredictAsync(string name, string? version, IReadOnlyList<PredictionInput> inputs, PredictionOptions options, CancellationToken cancellationToken)
    {
        lock (Asked)
        {
            Asked.Add((name, version, inputs, options));
        }

        switch (name)
        {
            case "full":
                throw new ProblemException("queue-full", "The queue is full.") { RetryAfter = TimeSpan.FromMilliseconds(1200) };
            case "late":
                throw new ProblemException("deadline-exceeded", "It waited too long.");
            case "broken":
                throw new InvalidOperationException("a secret of the inside");
            case "echo" or "cached":
                break;
            default:
                throw new ProblemException("model-not-found", "No such model is registered.");
        }

        var answers = inputs.Select(input => new PredictionAnswer([new LabelProbability(input.Text ?? $"{input.Image!.Value.Length} bytes", 0.75f)], null, false, null)
        {
            Logits = options.Logits ? [1.5f, float.NaN] : null,
        }).ToList();
        var timing = name == "cached" ? default : new ServeTiming(TimeSpan.FromMilliseconds(0.1), TimeSpan.FromMilliseconds(0.25), TimeSpan.FromMilliseconds(3));
        return Task.FromResult(new PredictionResult(new ModelKey(name, version ?? "1"), answers, timing, name == "cached" ? inputs.Count : 0));
    }
}
