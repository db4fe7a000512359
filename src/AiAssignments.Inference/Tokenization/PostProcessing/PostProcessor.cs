namespace AiAssignments.Inference.Tokenization.PostProcessing;

/// <summary>What is done with the tokens of one or two texts: offsets trimmed, special tokens put around.</summary>
internal sealed class PostProcessor
{
    /// <summary>The texts as they are.</summary>
    public static PostProcessor None { get; } = new([TemplatePiece.Text(0, 0)], [TemplatePiece.Text(0, 0), TemplatePiece.Text(1, 1)]);

    /// <summary>Makes it from the templates for one text and for a pair.</summary>
    public PostProcessor(IReadOnlyList<TemplatePiece> single, IReadOnlyList<TemplatePiece> pair)
    {
        Single = [.. single];
        Pair = [.. pair];
        SpecialsInSingle = Single.Sum(piece => piece.SpecialIds.Length);
        SpecialsInPair = Pair.Sum(piece => piece.SpecialIds.Length);
    }

    public TemplatePiece[] Single { get; }

    public TemplatePiece[] Pair { get; }

    public int SpecialsInSingle { get; }

    public int SpecialsInPair { get; }

    /// <summary>Leave white space that a byte-level token carries out of its offsets.</summary>
    public bool TrimOffsets { get; init; }

    /// <summary>Whether the first token's single space was put there by the pre-tokenizer and so is not in the text.</summary>
    public bool AddPrefixSpace { get; init; }

    /// <summary>BERT: <c>[CLS] A [SEP]</c>, <c>[CLS] A [SEP] B [SEP]</c> with type 1 for the second text.</summary>
    public static PostProcessor Bert(int cls, int sep) => new(
        [TemplatePiece.Special(cls, 0), TemplatePiece.Text(0, 0), TemplatePiece.Special(sep, 0)],
        [
            TemplatePiece.Special(cls, 0), TemplatePiece.Text(0, 0), TemplatePiece.Special(sep, 0),
            TemplatePiece.Text(1, 1), TemplatePiece.Special(sep, 1),
        ]);

    /// <summary>RoBERTa: <c>&lt;s&gt; A &lt;/s&gt;</c>, <c>&lt;s&gt; A &lt;/s&gt; &lt;/s&gt; B &lt;/s&gt;</c>, all of type 0.</summary>
    public static PostProcessor Roberta(int cls, int sep, bool trimOffsets, bool addPrefixSpace) => new(
        [TemplatePiece.Special(cls, 0), TemplatePiece.Text(0, 0), TemplatePiece.Special(sep, 0)],
        [
            TemplatePiece.Special(cls, 0), TemplatePiece.Text(0, 0), TemplatePiece.Special(sep, 0),
            TemplatePiece.Special(sep, 0), TemplatePiece.Text(1, 0), TemplatePiece.Special(sep, 0),
        ])
    {
        TrimOffsets = trimOffsets,
        AddPrefixSpace = addPrefixSpace,
    };

    /// <summary>This one with the offset trimming of a byte-level processor.</summary>
    public PostProcessor WithTrimming(bool trimOffsets, bool addPrefixSpace) =>
        new(Single, Pair) { TrimOffsets = trimOffsets, AddPrefixSpace = addPrefixSpace };
}
