namespace AiAssignments.Pipeline.Predictions;

/// <summary>One input to predict.</summary>
/// <param name="Text">A text; for taggers, words separated by white space.</param>
/// <param name="Pair">The second text of a pair.</param>
/// <param name="Image">An encoded image file.</param>
public sealed record PredictionInput(string? Text, string? Pair, ReadOnlyMemory<byte>? Image)
{
    /// <summary>A text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pair">The second text of a pair.</param>
    public static PredictionInput OfText(string text, string? pair) => new(text, pair, null);

    /// <summary>An image.</summary>
    /// <param name="image">The file's bytes.</param>
    public static PredictionInput OfImage(ReadOnlyMemory<byte> image) => new(null, null, image);
}
