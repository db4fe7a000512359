using AiAssignments.Core.Datasets;
using AiAssignments.Evaluation.Datasets.Batching;
using AiAssignments.Evaluation.Datasets.Labels;
using AiAssignments.Evaluation.Datasets.Text;

namespace AiAssignments.Evaluation.Datasets.Delimited;

/// <summary>Rows of delimited text to text records.</summary>
internal sealed class DelimitedParser : RecordParser
{
    private static readonly string[] NoSlices = [];
    private readonly Dialect dialect;
    private readonly Row row;
    private readonly Utf8Decoder decoder = new();
    private readonly int columns;
    private readonly int input;
    private readonly int tail;
    private readonly int pair;
    private readonly int label;
    private readonly int[] slices;
    private readonly bool areLabelsOptional;
    private RowState skipState;
    private bool afterReturn;
    private byte[] unescaped = [];

    public DelimitedParser(DatasetDescription description, Shard shard)
        : base(shard)
    {
        dialect = Dialect.Of(description);
        areLabelsOptional = OptionalLabels.AreIn(description);
        columns = description.Columns.Count;
        row = new Row(dialect, columns);
        input = IndexOf(description, description.InputColumn);
        tail = IndexOf(description, description.InputTailColumn);
        pair = IndexOf(description, description.PairColumn);
        label = IndexOf(description, description.LabelColumn);
        slices = [.. description.SliceColumns.Select(name => IndexOf(description, name))];
        ArgumentOutOfRangeException.ThrowIfNegative(input, nameof(description));
    }

    /// <inheritdoc />
    public override int Parse(ReadOnlySpan<byte> window, long offset, bool final, BatchBuilder batch)
    {
        var at = 0;
        while (!batch.IsFull)
        {
            var status = row.TryRead(window, at, final);
            Line += CountLines(window[at..row.Start]);
            at = row.Start;
            if (status != RowStatus.Row)
            {
                return at;
            }

            var bytes = window[row.Start..row.End];
            var position = new RecordPosition(Index++, offset + row.Start, Line);
            if (Refuse(window, bytes, position) is { } error || Build(window, position, out error) is not { } record)
            {
                batch.Add(error!);
            }
            else
            {
                batch.Add(record, bytes.Length);
            }

            afterReturn = false;
            if (row.HasQuotes)
            {
                Line += CountLines(bytes);
            }

            at = row.End;
        }

        return at;
    }

    /// <inheritdoc />
    public override int Skip(ReadOnlySpan<byte> bytes, bool first, out bool done)
    {
        skipState = first ? RowState.BetweenRows : skipState;
        for (var i = 0; i < bytes.Length; i++)
        {
            var next = skipState.Next(bytes[i], dialect);
            if (next == RowState.BetweenRows)
            {
                done = true;
                Line += CountLines(bytes[..i]);
                return i;
            }

            skipState = next;
        }

        done = false;
        Line += CountLines(bytes);
        return bytes.Length;
    }

    private static int IndexOf(DatasetDescription description, string? column)
    {
        for (var i = 0; column is not null && i < description.Columns.Count; i++)
        {
            if (description.Columns[i] == column)
            {
                return i;
            }
        }

        return -1;
    }

    private RecordError? Refuse(ReadOnlySpan<byte> window, ReadOnlySpan<byte> bytes, RecordPosition position)
    {
        if (row.OpenQuote >= 0)
        {
            return new RecordError(position, "csv-quote-unclosed", $"The quote at byte {row.OpenQuote - row.Start} of the row opens field {row.Count} and is never closed before the end of the file; close it, or double it (\"\") where it is part of the text.");
        }

        if (row.Count != columns)
        {
            return new RecordError(position, "csv-ragged-row", $"The row has {row.Count} {(row.Count == 1 ? "field" : "fields")}; {columns} are needed, delimited by {Dialect.Name(dialect.Delimiter)}.");
        }

        if (row.TextAfterQuote >= 0)
        {
            return new RecordError(position, "csv-text-after-quote", $"Text follows the closing quote at byte {row.TextAfterQuote - 1 - row.Start} of the row; double a quote (\"\") that is part of the text.");
        }

        if (bytes.IndexOf((byte)0) is >= 0 and var nul)
        {
            return new RecordError(position, "text-nul", $"Byte {nul} of the row is NUL, which no text holds.");
        }

        return null;
    }

    private TextRecord? Build(ReadOnlySpan<byte> window, RecordPosition position, out RecordError? error)
    {
        string? second = null;
        string? labelText = null;
        if (!TryText(window, input, false, position, out var text, out error)
            || (pair >= 0 && !TryText(window, pair, false, position, out second, out error))
            || (label >= 0 && !TryText(window, label, true, position, out labelText, out error)))
        {
            return null;
        }

        if (tail >= 0)
        {
            if (!TryText(window, tail, false, position, out var more, out error))
            {
                return null;
            }

            text = text.Length == 0 ? more : more.Length == 0 ? text : string.Concat(text, " ", more);
        }

        if (label >= 0 && string.IsNullOrWhiteSpace(labelText))
        {
            labelText = null;
        }

        if (label >= 0 && labelText is null && !areLabelsOptional)
        {
            error = new RecordError(position, "label-missing", $"Field {label + 1}, the label, is empty; every record needs one.");
            return null;
        }

        var values = NoSlices;
        if (slices.Length > 0)
        {
            values = new string[slices.Length];
            for (var i = 0; i < slices.Length; i++)
            {
                if (!TryText(window, slices[i], true, position, out values[i], out error))
                {
                    return null;
                }
            }
        }

        return new TextRecord(position, text, second, labelText, values);
    }

    private bool TryText(ReadOnlySpan<byte> window, int column, bool shared, RecordPosition position, out string text, out RecordError? error)
    {
        var field = row[column];
        var bytes = window.Slice(field.Start, field.Length);
        if (field.Escaped)
        {
            bytes = Unescape(bytes);
        }

        var valid = shared ? decoder.TryDecodeShared(bytes, out text, out var invalidAt) : decoder.TryDecode(bytes, out text, out invalidAt);
        error = null;
        if (!valid)
        {
            // Again without unescaping, which moves bytes.
            bytes = window.Slice(field.Start, field.Length);
            decoder.TryDecode(bytes, out _, out invalidAt);
            error = new RecordError(position, "text-not-utf8", $"Field {column + 1} is not UTF-8: byte 0x{bytes[invalidAt]:X2} at byte {field.Start + invalidAt - row.Start} of the row. Save the file as UTF-8.");
        }

        return valid;
    }

    private ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> bytes)
    {
        if (unescaped.Length < bytes.Length)
        {
            unescaped = new byte[Math.Max(bytes.Length, 4096)];
        }

        var length = 0;
        while (bytes.IndexOf(Dialect.Quote) is >= 0 and var quote)
        {
            bytes[..(quote + 1)].CopyTo(unescaped.AsSpan(length));
            length += quote + 1;
            bytes = bytes[Math.Min(quote + 2, bytes.Length)..];
        }

        bytes.CopyTo(unescaped.AsSpan(length));
        return unescaped.AsSpan(0, length + bytes.Length);
    }

    private long CountLines(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return 0;
        }

        var lines = 0L;
        if (bytes.Contains((byte)'\r') || afterReturn)
        {
            foreach (var value in bytes)
            {
                lines += value == '\r' || (value == '\n' && !afterReturn) ? 1 : 0;
                afterReturn = value == '\r';
            }

            return lines;
        }

        return bytes.Count((byte)'\n');
    }
}
