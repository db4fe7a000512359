using AiAssignments.Pipeline.Predictions;

namespace AiAssignments.Pipeline.Caching;

/// <summary>
/// How many labels a kept answer holds: what was asked for, rounded up to one of few numbers, so that callers who want 1, 3 or 5 labels share an entry,
/// and a model with a thousand labels does not fill the memory for those who want one.
/// </summary>
internal static class LabelTiers
{
    /// <summary>The number to ask the model for and to keep.</summary>
    /// <param name="topK">Labels wanted, 1 or more.</param>
    public static int Of(int topK) => topK switch
    {
        <= 8 => 8,
        <= 64 => 64,
        _ => int.MaxValue,
    };

    /// <summary>An answer with no more labels than wanted; the same one when it has no more.</summary>
    /// <param name="answer">The answer, most probable label first.</param>
    /// <param name="topK">Labels wanted, 1 or more.</param>
    public static PredictionAnswer Cut(PredictionAnswer answer, int topK) =>
        answer.Labels is { } labels && labels.Count > topK ? answer with { Labels = [.. labels.Take(topK)] } : answer;
}
