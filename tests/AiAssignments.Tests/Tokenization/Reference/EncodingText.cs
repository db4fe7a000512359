using System.Globalization;
using AiAssignments.Inference.Tokenization;

namespace AiAssignments.Tests.Tokenization.Reference;

/// <summary>Our encodings in the form that encode.mjs writes.</summary>
internal static class EncodingText
{
    /// <summary>Encodes an input with our tokenizer.</summary>
    public static Encoding Encode(ITokenizer tokenizer, ReferenceInput input, int maxLength, Encoding encoding)
    {
        if (input.Words is not null)
        {
            tokenizer.EncodeWords(input.Words, encoding);
        }
        else
        {
            tokenizer.Encode(input.Text, input.Pair, input.Pair is not null, maxLength, encoding);
        }

        return encoding;
    }

    public static string Full(Encoding e) => "[" + string.Join(',', List(e.Ids), List(e.Starts), List(e.Ends), List(e.WordIds), List(e.TypeIds)) + "]";

    public static string Hash(Encoding e)
    {
        var (a, b) = (0x811c9dc5u, 0x01000193u);
        Mix(e.Ids, ref a, ref b);
        Mix(e.Starts, ref a, ref b);
        Mix(e.Ends, ref a, ref b);
        Mix(e.WordIds, ref a, ref b);
        Mix(e.TypeIds, ref a, ref b);
        return a.ToString("x8", CultureInfo.InvariantCulture) + b.ToString("x8", CultureInfo.InvariantCulture);
    }

    private static string List(ReadOnlySpan<int> numbers) => "[" + string.Join(',', numbers.ToArray()) + "]";

    private static void Mix(ReadOnlySpan<int> numbers, ref uint a, ref uint b)
    {
        Mix(numbers.Length, ref a, ref b);
        foreach (var number in numbers)
        {
            Mix(number, ref a, ref b);
        }
    }

    private static void Mix(int number, ref uint a, ref uint b)
    {
        a = unchecked((a ^ (uint)number) * 0x01000193u);
        b = unchecked((b ^ (uint)number) * 0x85ebca6bu);
        b ^= b >> 15;
    }
}
