using System.IO.Compression;
using K4os.Compression.LZ4;
using Snappier;
using ZstdSharp;

namespace AiAssignments.Evaluation.Datasets.Parquet;

/// <summary>Inflates pages (Compression.md of parquet-format), to exactly the size that their header gives.</summary>
internal static class PageCodec
{
    private static readonly string[] Names = ["none", "Snappy", "gzip", "LZO", "Brotli", "LZ4 (Hadoop)", "Zstandard", "LZ4"];

    /// <summary>Whether a codec can be read.</summary>
    public static bool IsSupported(int codec) => codec is 0 or 1 or 2 or 4 or 6 or 7;

    /// <summary>A codec's name.</summary>
    public static string NameOf(int codec) => (uint)codec < (uint)Names.Length ? Names[codec] : $"number {codec}";

    /// <summary>Inflates <paramref name="stored"/>; the caller has checked <paramref name="size"/> against limits.</summary>
    /// <exception cref="InvalidDataException">It does not inflate to that size.</exception>
    public static ReadOnlyMemory<byte> Inflate(int codec, ReadOnlyMemory<byte> stored, int size)
    {
        if (codec == 0)
        {
            return stored.Length == size ? stored : throw new InvalidDataException();
        }

        if (size == 0)
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        var data = new byte[size];
        var written = codec switch
        {
            1 => Snappy.Decompress(stored.Span, data),
            2 => FromStream(new GZipStream(AsStream(stored), CompressionMode.Decompress), data),
            4 => FromStream(new BrotliStream(AsStream(stored), CompressionMode.Decompress), data),
            6 => Zstandard(stored.Span, data),
            7 => LZ4Codec.Decode(stored.Span, data),
            _ => throw ParquetProblem.Unsupported($"compression {NameOf(codec)}"),
        };
        return written == size ? data : throw new InvalidDataException();
    }

    private static int Zstandard(ReadOnlySpan<byte> stored, byte[] data)
    {
        using var decompressor = new Decompressor();
        return decompressor.TryUnwrap(stored, data, out var written) ? written : throw new InvalidDataException();
    }

    private static int FromStream(Stream stream, byte[] data)
    {
        using (stream)
        {
            var read = stream.ReadAtLeast(data, data.Length, throwOnEndOfStream: false);
            return stream.ReadByte() < 0 ? read : throw new InvalidDataException();
        }
    }

    private static MemoryStream AsStream(ReadOnlyMemory<byte> stored) => new(stored.ToArray(), writable: false);
}
