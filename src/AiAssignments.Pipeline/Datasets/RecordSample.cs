using AiAssignments.Core.Datasets;

namespace AiAssignments.Pipeline.Datasets;

/// <summary>A record to look at. Long texts are cut; images are not carried.</summary>
/// <param name="Index">Ordinal in the dataset.</param>
/// <param name="Text">Of a text: at most 2,000 characters.</param>
/// <param name="Pair">Of a pair: the second text.</param>
/// <param name="Words">Of a sentence: at most 200 words.</param>
/// <param name="Tags">Of a sentence: their tags.</param>
/// <param name="ImageBytes">Of an image: its size.</param>
/// <param name="Label">Its label.</param>
public sealed record RecordSample(
    long Index, string? Text = null, string? Pair = null, IReadOnlyList<string>? Words = null, IReadOnlyList<string>? Tags = null, long? ImageBytes = null, string? Label = null)
{
    private const int LongestText = 2000;
    private const int MostWords = 200;

    internal static RecordSample Of(DatasetRecord record) => record switch
    {
        TextRecord text => new RecordSample(record.Position.Index, Cut(text.Text), Cut(text.Pair), Label: text.Label),
        WordsRecord words => new RecordSample(record.Position.Index, Words: [.. words.Words.Take(MostWords).Select(word => Cut(word)!)], Tags: words.Tags is { } tags ? [.. tags.Take(MostWords)] : null),
        ImageRecord image => new RecordSample(record.Position.Index, ImageBytes: image.Content.Length, Label: image.Label),
        _ => new RecordSample(record.Position.Index),
    };

    // Not through a surrogate pair.
    private static string? Cut(string? text) =>
        text is not { Length: > LongestText } ? text : text[..(char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText)] + "…";
}
