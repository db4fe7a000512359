using System.Globalization;
using AiAssignments.Evaluation.Datasets.Tar;

namespace AiAssignments.Evaluation.Datasets.Imdb;

/// <summary>What the path of a review says: <c>[…/][train|test/]{pos|neg}/ID_RATING.txt</c>.</summary>
/// <param name="Split"><c>train</c>, <c>test</c>, or empty when the folder above is neither.</param>
/// <param name="Positive">Whether it lies in <c>pos</c>.</param>
/// <param name="Rating">0..10 as in the file name; -1 when the name is not ID_RATING.txt.</param>
internal sealed record ImdbReview(string Split, bool Positive, int Rating)
{
    /// <summary>Reads the path; <c>null</c> when it is not a text file in <c>pos</c> or <c>neg</c>.</summary>
    public static ImdbReview? FromPath(IReadOnlyList<string> segments)
    {
        if (segments.Count < 2 || segments[^2] is not ("pos" or "neg")
            || !segments[^1].EndsWith(".txt", StringComparison.Ordinal) || EntryPath.IsClutter(segments))
        {
            return null;
        }

        var split = segments.Count >= 3 && segments[^3] is "train" or "test" ? segments[^3] : string.Empty;
        return new ImdbReview(split, segments[^2] == "pos", RatingOf(segments[^1].AsSpan(0, segments[^1].Length - 4)));
    }

    private static int RatingOf(ReadOnlySpan<char> stem)
    {
        var underscore = stem.IndexOf('_');
        return underscore > 0
            && ulong.TryParse(stem[..underscore], NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && int.TryParse(stem[(underscore + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var rating)
            && rating is >= 0 and <= 10
            ? rating
            : -1;
    }
}
