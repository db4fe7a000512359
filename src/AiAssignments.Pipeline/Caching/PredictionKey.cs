using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AiAssignments.Pipeline.Predictions;

namespace AiAssignments.Pipeline.Caching;

/// <summary>
/// The key of one prediction: SHA-256 over everything that decides it. Inputs are hostile and entries are shared by all callers, so two inputs with one key must be
/// out of anyone's reach: a fast hash falls to whoever knows it, a keyed one needs a secret that all processes share, and SHA-256 costs about what reading the request does.
/// </summary>
internal static class PredictionKey
{
    /// <summary>Characters of a key.</summary>
    public const int Length = 7 + 43;

    // Longer parts are hashed where they lie and stand in the key by their hash. A text of 40 words is shorter.
    private const int InPlaceBytes = 512;
    private const int MostBytes = 37 + (3 * (5 + InPlaceBytes));

    private const byte Absent = 0;
    private const byte InPlace = 1;
    private const byte Hashed = 2;

    /// <summary>Makes the key.</summary>
    /// <param name="model">The version.</param>
    /// <param name="input">The input.</param>
    /// <param name="labels">Labels of the kept answer: <see cref="LabelTiers"/>.</param>
    /// <param name="logits">Whether the answer carries logits.</param>
    public static string Of(ServedModel model, PredictionInput input, int labels, bool logits)
    {
        Span<byte> bytes = stackalloc byte[MostBytes];
        model.Identity.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[32..], labels);
        bytes[36] = logits ? (byte)1 : (byte)0;
        var end = 37;

        // Characters as they are: as UTF-8 all halves of broken pairs would be one.
        end += Write(bytes[end..], input.Text is null, MemoryMarshal.AsBytes(input.Text.AsSpan()));
        end += Write(bytes[end..], input.Pair is null, MemoryMarshal.AsBytes(input.Pair.AsSpan()));
        end += Write(bytes[end..], input.Image is null, input.Image.GetValueOrDefault().Span);

        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(bytes[..end], hash);
        Span<char> key = stackalloc char[Length];
        CacheKeys.Predictions.CopyTo(key);
        Base64Url.EncodeToChars(hash, key[7..]);
        return new string(key);
    }

    // Each part says how it is written and how long it is, so that no two lists of parts are one row of bytes.
    private static int Write(Span<byte> target, bool absent, ReadOnlySpan<byte> part)
    {
        if (absent)
        {
            target[0] = Absent;
            return 1;
        }

        BinaryPrimitives.WriteInt32LittleEndian(target[1..], part.Length);
        if (part.Length <= InPlaceBytes)
        {
            target[0] = InPlace;
            part.CopyTo(target[5..]);
            return 5 + part.Length;
        }

        target[0] = Hashed;
        SHA256.HashData(part, target[5..]);
        return 5 + 32;
    }
}
