namespace AiAssignments.Evaluation.Datasets.Conll;

/// <summary>Splits a line into its columns: at every tab, or at runs of spaces (and tabs) where the file has no tabs.</summary>
/// <param name="Tabs">Whether tabs separate.</param>
/// <param name="Count">Columns a line must have.</param>
/// <param name="Word">0-based column of the word.</param>
/// <param name="Tag">0-based column of the tag.</param>
internal sealed record ConllColumns(bool Tabs, int Count, int Word, int Tag)
{
    /// <summary>Number of columns in a line.</summary>
    public static int CountIn(ReadOnlySpan<byte> line, bool tabs)
    {
        var count = 0;
        while (TryTake(line, tabs, out _, out line))
        {
            count++;
        }

        return count;
    }

    /// <summary>The word and the tag of a line, and how many columns it has.</summary>
    public int Split(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> word, out ReadOnlySpan<byte> tag)
    {
        word = default;
        tag = default;
        var column = 0;
        for (; TryTake(line, Tabs, out var value, out line); column++)
        {
            if (column == Word)
            {
                word = value;
            }

            if (column == Tag)
            {
                tag = value;
            }
        }

        return column;
    }

    private static bool TryTake(ReadOnlySpan<byte> line, bool tabs, out ReadOnlySpan<byte> value, out ReadOnlySpan<byte> rest)
    {
        if (!tabs)
        {
            line = line.TrimStart(" \t"u8);
        }

        value = default;
        rest = default;
        if (line.IsEmpty)
        {
            return false;
        }

        var end = tabs ? line.IndexOf((byte)'\t') : line.IndexOfAny((byte)' ', (byte)'\t');
        value = end < 0 ? line : line[..end];
        rest = end < 0 ? default : line[(end + 1)..];
        if (tabs)
        {
            value = value.Trim((byte)' ');
        }

        return true;
    }
}
