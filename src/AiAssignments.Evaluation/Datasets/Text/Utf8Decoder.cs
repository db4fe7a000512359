using System.Buffers;
using System.Text.Unicode;

namespace AiAssignments.Evaluation.Datasets.Text;

/// <summary>Decodes fields: strictly, in one pass, and without allocating short strings (labels, slice values) that come again and again. Not for several threads.</summary>
internal sealed class Utf8Decoder
{
    private const int ScratchChars = 16 * 1024;
    private const int MaxCachedBytes = 32;
    private const int CacheSize = 512;
    private readonly char[] scratch = new char[ScratchChars];
    private readonly (byte[] Bytes, string Text)[] cache = new (byte[], string)[CacheSize];

    /// <summary>Decodes one value.</summary>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="text">The text, when the bytes are UTF-8.</param>
    /// <param name="invalidAt">Position of the first invalid byte when they are not.</param>
    /// <returns>Whether the bytes are UTF-8.</returns>
    public bool TryDecode(ReadOnlySpan<byte> bytes, out string text, out int invalidAt)
    {
        text = string.Empty;
        if (bytes.Length <= ScratchChars)
        {
            var status = Utf8.ToUtf16(bytes, scratch, out invalidAt, out var chars, replaceInvalidSequences: false);
            if (status != OperationStatus.Done)
            {
                return false;
            }

            text = new string(scratch, 0, chars);
            return true;
        }

        // One char a byte is enough for any UTF-8.
        var large = ArrayPool<char>.Shared.Rent(bytes.Length);
        try
        {
            var status = Utf8.ToUtf16(bytes, large, out invalidAt, out var chars, replaceInvalidSequences: false);
            if (status == OperationStatus.Done)
            {
                text = new string(large, 0, chars);
            }

            return status == OperationStatus.Done;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(large);
        }
    }

    /// <summary>As <see cref="TryDecode"/>, and returns the same string for the same short bytes.</summary>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="text">The text.</param>
    /// <param name="invalidAt">Position of the first invalid byte.</param>
    /// <returns>Whether the bytes are UTF-8.</returns>
    public bool TryDecodeShared(ReadOnlySpan<byte> bytes, out string text, out int invalidAt)
    {
        if (bytes.Length is 0 or > MaxCachedBytes)
        {
            return TryDecode(bytes, out text, out invalidAt);
        }

        var hash = (bytes.Length * 31) + (bytes[0] * 7) + (bytes[^1] * 131) + (bytes[bytes.Length / 2] * 17);
        ref var entry = ref cache[hash & (CacheSize - 1)];
        if (entry.Bytes is not null && bytes.SequenceEqual(entry.Bytes))
        {
            text = entry.Text;
            invalidAt = 0;
            return true;
        }

        if (!TryDecode(bytes, out text, out invalidAt))
        {
            return false;
        }

        entry = (bytes.ToArray(), text);
        return true;
    }
}
