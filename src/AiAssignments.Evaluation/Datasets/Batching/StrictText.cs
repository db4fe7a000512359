using System.Text;
using System.Text.Unicode;

namespace AiAssignments.Evaluation.Datasets.Batching;

/// <summary>Text from bytes that must be UTF-8 without NUL.</summary>
internal static class StrictText
{
    /// <summary>Decodes <paramref name="bytes"/>, without a leading byte-order mark.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="text">The text when good.</param>
    /// <param name="code"><c>text-not-utf8</c> or <c>text-nul</c> when bad.</param>
    /// <param name="badAt">0-based index of the first bad byte when bad.</param>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out string text, out string code, out int badAt)
    {
        text = string.Empty;
        code = string.Empty;
        badAt = bytes.IndexOf((byte)0);
        if (badAt >= 0)
        {
            code = "text-nul";
            return false;
        }

        if (!Utf8.IsValid(bytes))
        {
            code = "text-not-utf8";
            badAt = FirstInvalid(bytes);
            return false;
        }

        text = Encoding.UTF8.GetString(bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes[3..] : bytes);
        return true;
    }

    /// <summary>The sentence that goes with a code of <see cref="TryDecode"/>.</summary>
    public static string Describe(string code, byte value, long offset) => code == "text-nul"
        ? $"A NUL byte at byte {offset}: text is needed."
        : $"Byte 0x{value:X2} at byte {offset} is not UTF-8: convert the file to UTF-8.";

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            if (Rune.DecodeFromUtf8(bytes[at..], out _, out var used) != System.Buffers.OperationStatus.Done)
            {
                return at;
            }

            at += used;
        }

        return at;
    }
}
