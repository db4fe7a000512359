namespace AiAssignments.Evaluation.Results;

/// <summary>One record's prediction, as kept in a shard's result and written to the predictions files.</summary>
/// <param name="Record">Index of the record in the dataset.</param>
/// <param name="Where">Its position, for a person.</param>
/// <param name="Input">Start of the text (at most 300 characters), or the entry name. Hostile: encode it wherever it is shown.</param>
/// <param name="Truth">True label in the model's spelling; <c>null</c> when unlabelled or a tagging.</param>
/// <param name="Predicted">Predicted label; empty for a tagging.</param>
/// <param name="Confidence">Top probability; for a tagging the least top probability of its words.</param>
/// <param name="Probabilities">Probability of each label, in the model's order; <c>null</c> for a tagging.</param>
/// <param name="Words">For a tagging: the words.</param>
/// <param name="TrueTags">For a tagging: the gold tags; <c>null</c> when unlabelled.</param>
/// <param name="PredictedTags">For a tagging: one tag a word.</param>
/// <param name="Slices">Values of the slice columns.</param>
/// <param name="Length">Length for slicing: characters of the text (both of a pair), words of a sentence; 0 for images.</param>
public sealed record PredictionRow(
    long Record,
    string Where,
    string Input,
    string? Truth,
    string Predicted,
    float Confidence,
    float[]? Probabilities,
    IReadOnlyList<string>? Words,
    IReadOnlyList<string>? TrueTags,
    IReadOnlyList<string>? PredictedTags,
    IReadOnlyList<string> Slices,
    int Length);
