using System.Buffers;
using System.Globalization;
using System.Text;

namespace AiAssignments.Inference.Tokenization.Hashing;

/// <summary>
/// Splits a text into words, one after the other: runs of letters, digits and combining marks; every other visible character is a word of its own.
/// English clitics are cut as the Penn Treebank does (<c>don't</c> gives <c>do</c> and <c>n't</c>, <c>it's</c> gives <c>it</c> and <c>'s</c>),
/// so that raw and treebank-tokenized text give the same words.
/// </summary>
internal ref struct WordScanner
{
    private readonly ReadOnlySpan<char> text;
    private int position;
    private int scalars;

    public WordScanner(ReadOnlySpan<char> text) => this.text = text;

    /// <summary>The word.</summary>
    public ReadOnlySpan<char> Word { get; private set; }

    /// <summary>Index of its first UTF-16 unit.</summary>
    public int Index { get; private set; }

    /// <summary>Offset of its first scalar value.</summary>
    public int Start { get; private set; }

    /// <summary>Offset one past its last scalar value.</summary>
    public int End { get; private set; }

    /// <summary>Moves to the next word; false at the end.</summary>
    public bool Next()
    {
        while (position < text.Length)
        {
            var unit = UnitAt(position, out var length);
            if (unit == Unit.Space)
            {
                position += length;
                scalars++;
                continue;
            }

            Index = position;
            Start = scalars;
            var end = IsApostrophe(text[position]) ? CliticEnd(position) : position;
            if (end > position)
            {
                Take(end);
                return true;
            }

            if (unit == Unit.Mark)
            {
                Take(position + length);
                return true;
            }

            end = RunEnd(position + length);
            if (IsNegation(end))
            {
                // "don't": stop before the n, unless the n is all there is.
                end = end - 1 > position ? end - 1 : end + 2;
            }

            Take(end);
            return true;
        }

        return false;
    }

    private void Take(int end)
    {
        Word = text[position..end];
        var count = 0;
        for (var i = position; i < end; i++)
        {
            // The second half of a pair is no scalar value of its own.
            count += char.IsLowSurrogate(text[i]) && i > position && char.IsHighSurrogate(text[i - 1]) ? 0 : 1;
        }

        scalars += count;
        End = scalars;
        position = end;
    }

    private readonly int RunEnd(int from)
    {
        while (from < text.Length && UnitAt(from, out var length) == Unit.Letter)
        {
            from += length;
        }

        return from;
    }

    private readonly bool IsNegation(int end) =>
        end + 1 < text.Length && IsApostrophe(text[end]) && (text[end + 1] | 0x20) == 't' && (text[end - 1] | 0x20) == 'n'
        && (end + 2 == text.Length || UnitAt(end + 2, out _) != Unit.Letter);

    // An apostrophe with one or two letters and then no more: 's, 'm, 'd, 're, 've, 'll.
    private readonly int CliticEnd(int from)
    {
        var end = from + 1;
        while (end < text.Length && end - from <= 3 && UnitAt(end, out var length) == Unit.Letter)
        {
            end += length;
        }

        return end - from is 2 or 3 ? end : from;
    }

    private static bool IsApostrophe(char c) => c is '\'' or '\u2019';

    private readonly Unit UnitAt(int index, out int length)
    {
        var c = text[index];
        length = 1;
        if (c < 128)
        {
            return char.IsAsciiLetterOrDigit(c) ? Unit.Letter : c <= ' ' || c == 127 ? Unit.Space : Unit.Mark;
        }

        if (Rune.DecodeFromUtf16(text[index..], out var rune, out length) != OperationStatus.Done)
        {
            return Unit.Mark;
        }

        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.Control or UnicodeCategory.Format => Unit.Space,
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.DecimalDigitNumber
                or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Unit.Letter,
            _ => Unit.Mark,
        };
    }

    private enum Unit
    {
        Space,
        Letter,
        Mark,
    }
}
