using AiAssignments.Core.Errors;

namespace AiAssignments.Pipeline.Predictions;

/// <summary>What a model says of one input.</summary>
/// <param name="Labels">For classifications: the top labels, most probable first.</param>
/// <param name="Tags">For taggers: one tag a word.</param>
/// <param name="Truncated">The text was cut to the model's longest input.</param>
/// <param name="Error">Why there is no answer.</param>
public sealed record PredictionAnswer(IReadOnlyList<LabelProbability>? Labels, IReadOnlyList<WordTag>? Tags, bool Truncated, Problem? Error)
{
    /// <summary>The logits when asked for: one a label in the card's order; of taggers words x labels, row-major.</summary>
    public IReadOnlyList<float>? Logits { get; init; }
}

/// <summary>A label and its probability.</summary>
/// <param name="Label">Label name.</param>
/// <param name="Probability">0..1.</param>
public sealed record LabelProbability(string Label, float Probability);

/// <summary>A word and its tag.</summary>
/// <param name="Word">The word.</param>
/// <param name="Label">Its tag.</param>
/// <param name="Probability">0..1.</param>
public sealed record WordTag(string Word, string Label, float Probability);
