using System.Numerics;

namespace AiAssignments.Inference.Tokenization.Models;

/// <summary>Hash of a word's code points, for tables inside this process.</summary>
internal static class WordHash
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    public static uint Of(ReadOnlySpan<int> word)
    {
        var hash = (ulong)word.Length;
        foreach (var point in word)
        {
            hash = BitOperations.RotateLeft((hash ^ (uint)point) * Multiplier, 29);
        }

        hash *= Multiplier;
        return (uint)(hash >> 32);
    }

    public static uint Of(ulong key)
    {
        key = (key ^ (key >> 29)) * Multiplier;
        return (uint)((key ^ (key >> 32)) * Multiplier >> 32);
    }
}
