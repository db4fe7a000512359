using System.Numerics;

namespace AiAssignments.Inference.Tokenization.Models;

/// <summary>The merges of a byte-pair encoding, by their two ids.</summary>
internal sealed class MergeTable
{
    private readonly Slot[] slots;
    private readonly int mask;
    private readonly int[] mergedIds;

    /// <summary>Makes the table.</summary>
    /// <param name="merges">Left id, right id and the id of both together, best merge first; of equal pairs the last one counts.</param>
    public MergeTable(IReadOnlyList<(int Left, int Right, int Merged)> merges)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, merges.Count * 2));
        slots = new Slot[size];
        mask = size - 1;
        mergedIds = new int[merges.Count];
        for (var rank = 0; rank < merges.Count; rank++)
        {
            var (left, right, merged) = merges[rank];
            mergedIds[rank] = merged;
            var key = KeyOf(left, right);
            var at = (int)WordHash.Of(key) & mask;
            while (slots[at].Key != 0 && slots[at].Key != key)
            {
                at = (at + 1) & mask;
            }

            slots[at] = new Slot(key, rank);
        }
    }

    /// <summary>What a merge gives.</summary>
    public int MergedId(int rank) => mergedIds[rank];

    /// <summary>Rank of the merge of two ids (0 is best), or -1.</summary>
    public int RankOf(int left, int right)
    {
        var key = KeyOf(left, right);
        for (var at = (int)WordHash.Of(key) & mask; ; at = (at + 1) & mask)
        {
            ref readonly var slot = ref slots[at];
            if (slot.Key == key)
            {
                return slot.Rank;
            }

            if (slot.Key == 0)
            {
                return -1;
            }
        }
    }

    // One is added to the left id so that no key is zero, which marks an empty place.
    private static ulong KeyOf(int left, int right) => ((ulong)(uint)(left + 1) << 32) | (uint)right;

    private readonly record struct Slot(ulong Key, int Rank);
}
