using System.Buffers;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;

namespace AiAssignments.Evaluation.Datasets.Text;

/// <summary>The first bytes of a dataset, looked at to recognize a text format.</summary>
internal sealed class TextHead
{
    private const int UsualBytes = 1024 * 1024;
    private static readonly SearchValues<byte> Controls = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Where(b => b is not (9 or 10 or 12 or 13)).Select(b => (byte)b), 127]);

    private TextHead(byte[] bytes, long length)
    {
        Bytes = bytes;
        IsWhole = bytes.Length == length;
        Start = bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
    }

    /// <summary>The first MiB, or more when one line is longer than that.</summary>
    public byte[] Bytes { get; }

    /// <summary>The dataset has no more than <see cref="Bytes"/>.</summary>
    public bool IsWhole { get; }

    /// <summary>0, or 3 after a UTF-8 byte order mark.</summary>
    public int Start { get; }

    /// <summary>There is no line end in as many bytes as a record may have.</summary>
    public bool IsOneHugeLine => !IsWhole && Bytes.Length > RecordParser.MaxRecordBytes && Bytes.AsSpan().IndexOfAny((byte)'\n', (byte)'\r') < 0;

    /// <summary>Control characters are so many that it is not text (a few are bad records, not another format).</summary>
    public bool IsBinary
    {
        get
        {
            var sample = Bytes.AsSpan(Start, Math.Min(Bytes.Length - Start, 64 * 1024));
            var controls = 0;
            for (var rest = sample; rest.IndexOfAny(Controls) is >= 0 and var at; rest = rest[(at + 1)..])
            {
                controls++;
            }

            return controls * 50 > sample.Length;
        }
    }

    /// <summary>Reads the head.</summary>
    /// <param name="source">The dataset.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ProblemException"><c>dataset-empty</c>, <c>text-utf16</c>.</exception>
    public static async ValueTask<TextHead> ReadAsync(IDataSource source, CancellationToken cancellationToken)
    {
        var bytes = await ReadAsync(source, UsualBytes, cancellationToken).ConfigureAwait(false);
        if (bytes.Length < source.Length && bytes.AsSpan().IndexOfAny((byte)'\n', (byte)'\r') < 0)
        {
            bytes = await ReadAsync(source, RecordParser.MaxRecordBytes + 1024, cancellationToken).ConfigureAwait(false);
        }

        if (bytes.Length == 0)
        {
            throw Empty(source);
        }

        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            throw new ProblemException("text-utf16", "The file is UTF-16 text; save it as UTF-8 (for example: iconv -f UTF-16 -t UTF-8).", "byte 0");
        }

        return new TextHead(bytes, source.Length);
    }

    /// <summary>Reads as many bytes as a record may have, for a first row that does not fit the usual head.</summary>
    /// <param name="source">The dataset.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async ValueTask<TextHead> ReadWideAsync(IDataSource source, CancellationToken cancellationToken) =>
        new(await ReadAsync(source, RecordParser.MaxRecordBytes + 1024, cancellationToken).ConfigureAwait(false), source.Length);

    /// <summary>The problem of <see cref="IsOneHugeLine"/>.</summary>
    public static ProblemException Huge() => new(
        "record-too-large", $"The first line is longer than {RecordParser.MaxRecordBytes / (1024 * 1024)} MiB, the most that a record may have; the format cannot be told from it.", "line 1");

    /// <summary>The problem of a dataset without records.</summary>
    /// <param name="source">The dataset.</param>
    public static ProblemException Empty(IDataSource source) => new(
        "dataset-empty",
        source.Length == 0 ? "The dataset has no bytes." : $"The dataset has {source.Length} bytes but no records (at most a header).");

    private static async ValueTask<byte[]> ReadAsync(IDataSource source, int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[Math.Min(count, source.Length)];
        var stream = await source.OpenReadAsync(0, bytes.Length, cancellationToken).ConfigureAwait(false);
        await using var closing = stream.ConfigureAwait(false);
        var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return read == bytes.Length ? bytes : bytes[..read];
    }
}
