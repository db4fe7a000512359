using System.Buffers.Binary;
using System.IO.Compression;
using AiAssignments.Core.Errors;

namespace AiAssignments.Pipeline.Samples;

/// <summary>
/// Reads the IDX format of MNIST and Fashion-MNIST (http://yann.lecun.com/exdb/mnist/): two zero bytes, a type byte (only 0x08, unsigned bytes, is read),
/// the number of dimensions, each dimension as a big-endian 32-bit integer, and the values, last dimension fastest. Plain or gzipped.
/// </summary>
public static class IdxFile
{
    /// <summary>Most bytes that are taken: four times the training images of MNIST.</summary>
    private const long MostBytes = 200L << 20;
    private const int MostDimensions = 4;
    private const byte UnsignedByte = 0x08;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>Sizes of the dimensions, slowest first, and the values.</returns>
    /// <exception cref="ProblemException"><c>idx-invalid</c>, <c>idx-truncated</c>, <c>idx-too-large</c>: says where.</exception>
    public static async Task<(int[] Sizes, byte[] Values)> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan | FileOptions.Asynchronous);
        await using var closingFile = file.ConfigureAwait(false);
        var magic = new byte[2];
        var isGzip = await file.ReadAtLeastAsync(magic, 2, false, cancellationToken).ConfigureAwait(false) == 2 && magic is [0x1f, 0x8b];
        file.Position = 0;
        Stream stream = isGzip ? new GZipStream(file, CompressionMode.Decompress) : file;
        await using var closing = stream.ConfigureAwait(false);
        try
        {
            return await ReadAsync(stream, path, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException error)
        {
            throw new ProblemException(new Problem("idx-invalid", "The gzip data is damaged; copy the file again.", path), error);
        }
    }

    private static async Task<(int[] Sizes, byte[] Values)> ReadAsync(Stream stream, string path, CancellationToken cancellationToken)
    {
        var head = new byte[4];
        await FillAsync(stream, head, 0, path, cancellationToken).ConfigureAwait(false);
        if (head[0] != 0 || head[1] != 0 || head[2] != UnsignedByte || head[3] is 0 or > MostDimensions)
        {
            throw new ProblemException(
                "idx-invalid", $"An IDX file of unsigned bytes begins with 00 00 08 and 1 to {MostDimensions} dimensions; this begins with {Convert.ToHexString(head)}.", path);
        }

        var dimensions = new byte[head[3] * 4];
        await FillAsync(stream, dimensions, 4, path, cancellationToken).ConfigureAwait(false);
        var sizes = new int[head[3]];
        long length = 1;
        for (var i = 0; i < sizes.Length; i++)
        {
            var size = BinaryPrimitives.ReadUInt32BigEndian(dimensions.AsSpan(i * 4));
            if (size == 0)
            {
                throw new ProblemException("idx-invalid", $"Dimension {i + 1} is 0; at least one value is needed.", path);
            }

            // Both factors are below 2^32 and the product is held under the limit: it cannot overflow.
            length *= size;
            if (length > MostBytes)
            {
                throw new ProblemException("idx-too-large", $"The header says {length} or more values; at most {MostBytes} are read.", path);
            }

            sizes[i] = (int)size;
        }

        var values = await ReadValuesAsync(stream, length, 4 + dimensions.Length, path, cancellationToken).ConfigureAwait(false);
        if (await stream.ReadAsync(new byte[1], cancellationToken).ConfigureAwait(false) != 0)
        {
            throw new ProblemException("idx-invalid", $"Bytes follow the {length} values that the header promises.", path);
        }

        return (sizes, values);
    }

    // A header is no reason to allocate: the array grows with what is really there.
    private static async Task<byte[]> ReadValuesAsync(Stream stream, long length, long start, string path, CancellationToken cancellationToken)
    {
        var values = new byte[Math.Min(length, 1 << 20)];
        long read = 0;
        while (read < length)
        {
            if (read == values.Length)
            {
                Array.Resize(ref values, (int)Math.Min(length, read * 2));
            }

            var count = await stream.ReadAsync(values.AsMemory((int)read), cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                throw new ProblemException("idx-truncated", $"The header says {length} values; the file ends after {read}.", $"{path}, byte {start + read}");
            }

            read += count;
        }

        return values;
    }

    private static async Task FillAsync(Stream stream, byte[] target, long start, string path, CancellationToken cancellationToken)
    {
        var read = await stream.ReadAtLeastAsync(target, target.Length, false, cancellationToken).ConfigureAwait(false);
        if (read < target.Length)
        {
            throw new ProblemException("idx-truncated", "The file ends within its header.", $"{path}, byte {start + read}");
        }
    }
}
