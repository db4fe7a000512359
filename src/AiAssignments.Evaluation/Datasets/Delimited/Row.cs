namespace AiAssignments.Evaluation.Datasets.Delimited;

/// <summary>A field's place in the window it was found in.</summary>
/// <param name="Start">First byte, behind an opening quote.</param>
/// <param name="Length">Bytes, without quotes.</param>
/// <param name="Escaped">It holds doubled quotes.</param>
internal readonly record struct Field(int Start, int Length, bool Escaped);

/// <summary>What <see cref="Row.TryRead"/> found.</summary>
internal enum RowStatus
{
    /// <summary>A row.</summary>
    Row,

    /// <summary>No row before the window's end.</summary>
    None,

    /// <summary>The row may go on behind the window.</summary>
    Partial,
}

/// <summary>Splits one row into fields with vector searches. Reused from row to row.</summary>
internal sealed class Row(Dialect dialect, int keep)
{
    private readonly Field[] fields = new Field[keep];

    /// <summary>First byte of the row.</summary>
    public int Start { get; private set; }

    /// <summary>The byte behind the row's content: its line end, or the window's end.</summary>
    public int End { get; private set; }

    /// <summary>Fields in the row; the first ones of them, up to the number to keep, can be asked for.</summary>
    public int Count { get; private set; }

    /// <summary>Place of a quote that the window's end left open; -1 when none is.</summary>
    public int OpenQuote { get; private set; }

    /// <summary>Place of text between a closing quote and the next delimiter; -1 when there is none.</summary>
    public int TextAfterQuote { get; private set; }

    /// <summary>Some field is quoted, so that the row may hold line ends.</summary>
    public bool HasQuotes { get; private set; }

    /// <summary>A field.</summary>
    /// <param name="index">Below <see cref="Count"/> and the number to keep.</param>
    public Field this[int index] => fields[index];

    /// <summary>Reads the first row that begins at or behind <paramref name="from"/>.</summary>
    /// <param name="window">The bytes.</param>
    /// <param name="from">A place between two rows.</param>
    /// <param name="final">The window's end is the end of the text.</param>
    public RowStatus TryRead(ReadOnlySpan<byte> window, int from, bool final)
    {
        while (from < window.Length && window[from] is (byte)'\n' or (byte)'\r')
        {
            from++;
        }

        Start = from;
        Count = 0;
        OpenQuote = TextAfterQuote = -1;
        HasQuotes = false;
        if (from >= window.Length)
        {
            return RowStatus.None;
        }

        var at = from;
        while (true)
        {
            var end = dialect.Quoted && at < window.Length && window[at] == Dialect.Quote
                ? ReadQuoted(window, at, final)
                : ReadPlain(window, at, final);
            if (end < 0)
            {
                return RowStatus.Partial;
            }

            if (end == window.Length || window[end] != dialect.Delimiter)
            {
                End = end;
                return RowStatus.Row;
            }

            at = end + 1;
        }
    }

    private int ReadPlain(ReadOnlySpan<byte> window, int at, bool final)
    {
        var length = window[at..].IndexOfAny(dialect.Delimiter, (byte)'\n', (byte)'\r');
        if (length < 0)
        {
            if (!final)
            {
                return -1;
            }

            length = window.Length - at;
        }

        Add(new Field(at, length, false));
        return at + length;
    }

    private int ReadQuoted(ReadOnlySpan<byte> window, int quote, bool final)
    {
        HasQuotes = true;
        var escaped = false;
        var at = quote + 1;
        while (true)
        {
            var next = window[at..].IndexOf(Dialect.Quote);
            if (next < 0)
            {
                if (!final)
                {
                    return -1;
                }

                OpenQuote = quote;
                Add(new Field(quote + 1, window.Length - quote - 1, escaped));
                return window.Length;
            }

            at += next + 1;
            if (at == window.Length)
            {
                if (!final)
                {
                    return -1;
                }

                break;
            }

            if (window[at] != Dialect.Quote)
            {
                break;
            }

            escaped = true;
            at++;
        }

        Add(new Field(quote + 1, at - quote - 2, escaped));
        if (at == window.Length || window[at] == dialect.Delimiter || window[at] is (byte)'\n' or (byte)'\r')
        {
            return at;
        }

        TextAfterQuote = at;
        var rest = window[at..].IndexOfAny(dialect.Delimiter, (byte)'\n', (byte)'\r');
        return rest >= 0 ? at + rest : final ? window.Length : -1;
    }

    private void Add(Field field)
    {
        if (Count < fields.Length)
        {
            fields[Count] = field;
        }

        Count++;
    }
}
