namespace AiAssignments.Inference.Tokenization.Unicode;

/// <summary>What the tables know of a character. Each flag follows the Unicode version of the reference's own component.</summary>
[Flags]
internal enum CharacterFlags : ushort
{
    None = 0,

    /// <summary>The White_Space property.</summary>
    WhiteSpace = 1 << 0,

    /// <summary>Dropped by BERT's text cleaning: control, format, private use, NUL and the replacement character.</summary>
    BertRemoved = 1 << 1,

    /// <summary>Turned into a space by BERT's text cleaning.</summary>
    BertSpace = 1 << 2,

    /// <summary>A CJK ideograph, which BERT treats as a word of its own.</summary>
    BertChinese = 1 << 3,

    /// <summary>Splits words for BERT: category P and the ASCII symbols.</summary>
    BertPunctuation = 1 << 4,

    /// <summary>Category Mn.</summary>
    NonspacingMark = 1 << 5,

    /// <summary>Category M.</summary>
    CombiningMark = 1 << 6,

    /// <summary><c>\p{L}</c> of the byte-level splitter.</summary>
    RegexLetter = 1 << 7,

    /// <summary><c>\p{N}</c> of the byte-level splitter.</summary>
    RegexNumber = 1 << 8,

    /// <summary><c>\s</c> of the byte-level splitter.</summary>
    RegexSpace = 1 << 9,

    /// <summary><c>\w</c> of the whitespace splitter.</summary>
    Word = 1 << 10,

    /// <summary><c>\s</c> of the whitespace splitter.</summary>
    WordSpace = 1 << 11,

    /// <summary>Has a combining class other than zero.</summary>
    Reordered = 1 << 12,

    /// <summary>Has a lower-case mapping.</summary>
    Cased = 1 << 13,

    /// <summary>Has a canonical decomposition.</summary>
    Canonical = 1 << 14,

    /// <summary>Has a compatibility decomposition that differs from the canonical one.</summary>
    Compatibility = 1 << 15,
}
