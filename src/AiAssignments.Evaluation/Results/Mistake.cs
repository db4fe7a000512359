namespace AiAssignments.Evaluation.Results;

/// <summary>A wrong prediction, for the list of the most confident ones.</summary>
/// <param name="Record">Index of the record in the dataset.</param>
/// <param name="Where">Its position, for a person.</param>
/// <param name="Excerpt">Start of the text, at most 300 characters; the entry name for images. Hostile: encode it wherever it is shown.</param>
/// <param name="Truth">True label (for tags: <c>word/TAG</c> of the differing words).</param>
/// <param name="Predicted">Predicted label (likewise).</param>
/// <param name="Confidence">Top probability.</param>
/// <param name="Thumbnail">PNG of a small image, for image tasks.</param>
public sealed record Mistake(long Record, string Where, string Excerpt, string Truth, string Predicted, double Confidence, byte[]? Thumbnail = null);
