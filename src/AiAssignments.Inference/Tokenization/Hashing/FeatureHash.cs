using System.Runtime.CompilerServices;
using System.Text;

namespace AiAssignments.Inference.Tokenization.Hashing;

/// <summary>
/// The hash of the sample models' features, simple enough to write again in any language: FNV-1a with 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/)
/// over one byte for the kind of feature and then the feature's UTF-8 bytes, finished with MurmurHash3's 64-bit mix (https://github.com/aappleby/smhasher),
/// and scaled: <c>id = 1 + ((h >> 32) * (buckets - 1) >> 32)</c>. Lone surrogates are hashed as U+FFFD.
/// </summary>
internal static class FeatureHash
{
    private const ulong Basis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>Starts a feature of a kind.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Start(byte kind) => (Basis ^ kind) * Prime;

    /// <summary>Adds one byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Byte(ulong state, byte value) => (state ^ value) * Prime;

    /// <summary>Adds one scalar value.</summary>
    public static ulong Scalar(ulong state, Rune rune)
    {
        if (rune.IsAscii)
        {
            return Byte(state, (byte)rune.Value);
        }

        Span<byte> utf8 = stackalloc byte[4];
        foreach (var value in utf8[..rune.EncodeToUtf8(utf8)])
        {
            state = Byte(state, value);
        }

        return state;
    }

    /// <summary>Adds a text, lower-cased.</summary>
    public static ulong Lower(ulong state, ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c < 128)
            {
                state = Byte(state, LowerAscii(c));
                continue;
            }

            Rune.DecodeFromUtf16(text[i..], out var rune, out var used);
            state = Scalar(state, Rune.ToLowerInvariant(rune));
            i += used - 1;
        }

        return state;
    }

    /// <summary>Adds a text as it stands.</summary>
    public static ulong Exact(ulong state, ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c < 128)
            {
                state = Byte(state, (byte)c);
                continue;
            }

            Rune.DecodeFromUtf16(text[i..], out var rune, out var used);
            state = Scalar(state, rune);
            i += used - 1;
        }

        return state;
    }

    /// <summary>Lower case of an ASCII character.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte LowerAscii(char c) => (byte)(c is >= 'A' and <= 'Z' ? c | 0x20 : c);

    /// <summary>The id of a finished feature: 1..<paramref name="buckets"/> - 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Id(ulong state, int buckets)
    {
        state ^= state >> 33;
        state *= 0xff51afd7ed558ccd;
        state ^= state >> 33;
        state *= 0xc4ceb9fe1a85ec53;
        state ^= state >> 33;
        return 1 + (int)(((state >> 32) * (ulong)(buckets - 1)) >> 32);
    }
}
