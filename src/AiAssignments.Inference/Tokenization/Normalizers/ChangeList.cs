using AiAssignments.Inference.Tokenization.Unicode;

namespace AiAssignments.Inference.Tokenization.Normalizers;

/// <summary>New characters, each with what it does to the old text (see <see cref="Text.AlignmentCursor.Place"/>), in canonical order.</summary>
internal sealed class ChangeList
{
    private int[] codePoints = new int[64];
    private int[] changes = new int[64];
    private int[] ranks = new int[64];
    private int ordered;

    public int Count { get; private set; }

    public ReadOnlySpan<int> CodePoints => codePoints.AsSpan(0, Count);

    public ReadOnlySpan<int> Changes => changes.AsSpan(0, Count);

    public ReadOnlySpan<int> Ranks => ranks.AsSpan(0, Count);

    public void Clear() => Count = ordered = 0;

    /// <summary>Adds a character whose combining rank is known.</summary>
    public void Add(int codePoint, int change, int rank)
    {
        if (rank == 0)
        {
            SortPending();
        }

        if (Count == codePoints.Length)
        {
            Array.Resize(ref codePoints, Count * 2);
            Array.Resize(ref changes, Count * 2);
            Array.Resize(ref ranks, Count * 2);
        }

        codePoints[Count] = codePoint;
        changes[Count] = change;
        ranks[Count] = rank;
        Count++;
    }

    /// <summary>Replaces what is at an index.</summary>
    public void Replace(int index, int codePoint, int change)
    {
        codePoints[index] = codePoint;
        changes[index] = change;
    }

    /// <summary>Adds the parts of one character.</summary>
    public void AddAll(ReadOnlySpan<int> parts, UnicodeTables tables)
    {
        for (var i = 0; i < parts.Length; i++)
        {
            Add(parts[i], i == 0 ? 0 : 1, tables.RankOf(parts[i]));
        }
    }

    /// <summary>Puts the marks since the last starter into canonical order, keeping equals as they are.</summary>
    public void SortPending()
    {
        var sorted = true;
        for (var i = ordered + 1; i < Count && sorted; i++)
        {
            sorted = ranks[i - 1] <= ranks[i];
        }

        if (!sorted)
        {
            Sort(ordered, Count - ordered);
        }

        ordered = Count;
    }

    /// <summary>Lets go of arrays that one huge text made grow.</summary>
    public void Trim()
    {
        if (codePoints.Length > 1 << 20)
        {
            codePoints = new int[64];
            changes = new int[64];
            ranks = new int[64];
            Clear();
        }
    }

    // A run of marks is a handful in honest text, but a hostile text can be one long run: no insertion sort.
    private void Sort(int first, int count)
    {
        var order = Enumerable.Range(first, count).OrderBy(i => ranks[i]).ToArray();
        var sorted = Array.ConvertAll(order, i => (codePoints[i], changes[i], ranks[i]));
        for (var i = 0; i < count; i++)
        {
            (codePoints[first + i], changes[first + i], ranks[first + i]) = sorted[i];
        }
    }
}
