namespace AiAssignments.Core.Datasets;

/// <summary>One labelled example of a dataset.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Slices">Values of the slice columns, in the order of <see cref="DatasetDescription.SliceColumns"/>; empty when there are none.</param>
public abstract record DatasetRecord(RecordPosition Position, IReadOnlyList<string> Slices);

/// <summary>A text, or a pair of texts, with its label.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Text">The text, as it stands in the data.</param>
/// <param name="Pair">The second text of a pair.</param>
/// <param name="Label">The label as the data spells it (a name or an index), not yet matched to the model's; <c>null</c> when the record has none.</param>
/// <param name="Slices">Values of the slice columns.</param>
public sealed record TextRecord(RecordPosition Position, string Text, string? Pair, string? Label, IReadOnlyList<string> Slices)
    : DatasetRecord(Position, Slices);

/// <summary>The words of a sentence with one tag each.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Words">The words.</param>
/// <param name="Tags">As many tags as words, as the data spells them; <c>null</c> when the record has none.</param>
/// <param name="Slices">Values of the slice columns.</param>
public sealed record WordsRecord(RecordPosition Position, IReadOnlyList<string> Words, IReadOnlyList<string>? Tags, IReadOnlyList<string> Slices)
    : DatasetRecord(Position, Slices);

/// <summary>An image with its label.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Content">The image's bytes.</param>
/// <param name="Raw">When set, <paramref name="Content"/> is raw samples of this shape; otherwise an encoded file (PNG, JPEG, WebP, BMP, GIF).</param>
/// <param name="Label">The label as the data spells it.</param>
/// <param name="Slices">Values of the slice columns.</param>
public sealed record ImageRecord(RecordPosition Position, ReadOnlyMemory<byte> Content, RawImage? Raw, string? Label, IReadOnlyList<string> Slices)
    : DatasetRecord(Position, Slices);

/// <summary>Shape of raw 8-bit samples.</summary>
/// <param name="Width">Pixels a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Channels">1 (grey) or 3 (RGB).</param>
/// <param name="ChannelMajor"><c>true</c> for planes (CHW, as in CIFAR-10), <c>false</c> for interleaved (HWC).</param>
public sealed record RawImage(int Width, int Height, int Channels, bool ChannelMajor);
