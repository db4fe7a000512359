using System.Buffers.Text;
using System.Text;

namespace AiAssignments.Evaluation.Datasets.Tar;

/// <summary>What matters here of a pax extended header (POSIX.1-2001): lines <c>LENGTH KEY=VALUE\n</c>.</summary>
internal sealed class PaxRecords
{
    /// <summary>The path, when it is given.</summary>
    public string? Path { get; private set; }

    /// <summary>The content's size, when it is given.</summary>
    public long? Size { get; private set; }

    /// <summary>Whether the entry is one of GNU's sparse files, whose stored bytes are not its content.</summary>
    public bool Sparse { get; private set; }

    /// <summary>Reads the records; <c>null</c> when they are malformed.</summary>
    public static PaxRecords? Parse(ReadOnlySpan<byte> data)
    {
        var records = new PaxRecords();
        while (!data.IsEmpty)
        {
            if (!Utf8Parser.TryParse(data, out int length, out var digits) || length <= digits + 1 || length > data.Length
                || data[digits] != ' ' || data[length - 1] != '\n')
            {
                // Padding with NULs after the last record is seen in the wild.
                return TarBlock.IsZero(data) ? records : null;
            }

            var record = data[(digits + 1)..(length - 1)];
            var equals = record.IndexOf((byte)'=');
            if (equals < 0 || !records.Take(record[..equals], record[(equals + 1)..]))
            {
                return null;
            }

            data = data[length..];
        }

        return records;
    }

    private bool Take(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.SequenceEqual("path"u8))
        {
            Path = Encoding.UTF8.GetString(value);
        }
        else if (key.SequenceEqual("size"u8))
        {
            if (!Utf8Parser.TryParse(value, out long size, out var used) || used != value.Length || size < 0)
            {
                return false;
            }

            Size = size;
        }
        else if (key.StartsWith("GNU.sparse."u8))
        {
            Sparse = true;
        }

        return true;
    }
}
