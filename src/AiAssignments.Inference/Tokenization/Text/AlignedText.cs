using System.Runtime.CompilerServices;

namespace AiAssignments.Inference.Tokenization.Text;

/// <summary>
/// A text as code points, each with the range of the original text that it comes from, in Unicode scalar values.
/// Normalizing changes the code points and keeps the ranges, so that tokens can be traced back.
/// </summary>
internal sealed class AlignedText
{
    private const int LargestKept = 1 << 20;

    private int[] codePoints = new int[256];
    private int[] starts = new int[256];
    private int[] ends = new int[256];

    public int Count { get; private set; }

    public ReadOnlySpan<int> CodePoints => codePoints.AsSpan(0, Count);

    public ReadOnlySpan<int> Starts => starts.AsSpan(0, Count);

    public ReadOnlySpan<int> Ends => ends.AsSpan(0, Count);

    /// <summary>Code points that may be replaced one by one.</summary>
    public Span<int> Mutable => codePoints.AsSpan(0, Count);

    public void Clear() => Count = 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int codePoint, int start, int end)
    {
        if (Count == codePoints.Length)
        {
            Grow(Count + 1);
        }

        codePoints[Count] = codePoint;
        starts[Count] = start;
        ends[Count] = end;
        Count++;
    }

    /// <summary>Appends a part of another text.</summary>
    public void Append(AlignedText from, int first, int count)
    {
        if (Count + count > codePoints.Length)
        {
            Grow(Count + count);
        }

        from.codePoints.AsSpan(first, count).CopyTo(codePoints.AsSpan(Count));
        from.starts.AsSpan(first, count).CopyTo(starts.AsSpan(Count));
        from.ends.AsSpan(first, count).CopyTo(ends.AsSpan(Count));
        Count += count;
    }

    /// <summary>Appends original text whose first code point has the index <paramref name="offset"/>.</summary>
    public void AppendOriginal(ReadOnlySpan<int> original, int offset)
    {
        if (Count + original.Length > codePoints.Length)
        {
            Grow(Count + original.Length);
        }

        original.CopyTo(codePoints.AsSpan(Count));
        for (var i = 0; i < original.Length; i++)
        {
            starts[Count + i] = offset + i;
            ends[Count + i] = offset + i + 1;
        }

        Count += original.Length;
    }

    /// <summary>Keeps only a part.</summary>
    public void Keep(int first, int count)
    {
        codePoints.AsSpan(first, count).CopyTo(codePoints);
        starts.AsSpan(first, count).CopyTo(starts);
        ends.AsSpan(first, count).CopyTo(ends);
        Count = count;
    }

    /// <summary>Keeps only the code points that lack the flags.</summary>
    public void RemoveAll(ReadOnlySpan<Unicode.CharacterFlags> flags, Unicode.CharacterFlags removed)
    {
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if ((flags[codePoints[i]] & removed) == 0)
            {
                codePoints[kept] = codePoints[i];
                starts[kept] = starts[i];
                ends[kept] = ends[i];
                kept++;
            }
        }

        Count = kept;
    }

    /// <summary>Exchanges the contents with those of <paramref name="other"/>.</summary>
    public void Swap(AlignedText other)
    {
        (codePoints, other.codePoints) = (other.codePoints, codePoints);
        (starts, other.starts) = (other.starts, starts);
        (ends, other.ends) = (other.ends, ends);
        (Count, other.Count) = (other.Count, Count);
    }

    /// <summary>Lets go of arrays that one huge text made grow.</summary>
    public void Trim()
    {
        if (codePoints.Length > LargestKept)
        {
            codePoints = new int[256];
            starts = new int[256];
            ends = new int[256];
            Count = 0;
        }
    }

    private void Grow(int needed)
    {
        var size = Math.Max(needed, codePoints.Length * 2);
        Array.Resize(ref codePoints, size);
        Array.Resize(ref starts, size);
        Array.Resize(ref ends, size);
    }
}
