using System.Numerics;
using AiAssignments.Inference.Tokenization.Text;

namespace AiAssignments.Inference.Tokenization.Models;

/// <summary>Token texts and ids, found by code points without making a string.</summary>
internal sealed class Vocabulary
{
    private readonly Slot[] slots;
    private readonly int[] texts;
    private readonly int mask;

    public Vocabulary(IReadOnlyDictionary<string, int> tokens)
    {
        Tokens = tokens;
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, tokens.Count * 2));
        slots = new Slot[size];
        mask = size - 1;
        var arena = new List<int>(tokens.Count * 8);
        foreach (var (token, id) in tokens)
        {
            var points = ScalarText.Of(token);
            var hash = WordHash.Of(points);
            var at = (int)hash & mask;
            while (slots[at].Used)
            {
                at = (at + 1) & mask;
            }

            slots[at] = new Slot(hash, arena.Count, points.Length, id, true);
            arena.AddRange(points);
        }

        texts = [.. arena];
    }

    /// <summary>The tokens as they were read.</summary>
    public IReadOnlyDictionary<string, int> Tokens { get; }

    /// <summary>Id of a token, or -1.</summary>
    /// <param name="word">Its code points.</param>
    /// <param name="hash">Their <see cref="WordHash"/>.</param>
    public int Find(ReadOnlySpan<int> word, uint hash)
    {
        for (var at = (int)hash & mask; ; at = (at + 1) & mask)
        {
            ref readonly var slot = ref slots[at];
            if (!slot.Used)
            {
                return -1;
            }

            if (slot.Hash == hash && slot.Length == word.Length && texts.AsSpan(slot.Start, slot.Length).SequenceEqual(word))
            {
                return slot.Id;
            }
        }
    }

    private readonly record struct Slot(uint Hash, int Start, int Length, int Id, bool Used);
}
