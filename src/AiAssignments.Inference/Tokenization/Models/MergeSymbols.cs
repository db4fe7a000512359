namespace AiAssignments.Inference.Tokenization.Models;

/// <summary>The symbols of a word while they merge: a linked list in an array.</summary>
internal sealed class MergeSymbols
{
    private Symbol[] symbols = new Symbol[64];

    public int Count { get; private set; }

    public ref Symbol this[int index] => ref symbols[index];

    public void Clear() => Count = 0;

    /// <summary>Appends a symbol that stands for <paramref name="length"/> code points.</summary>
    public void Add(int id, int length)
    {
        if (Count == symbols.Length)
        {
            Array.Resize(ref symbols, Count * 2);
        }

        if (Count > 0)
        {
            symbols[Count - 1].Next = Count;
        }

        symbols[Count] = new Symbol { Id = id, Length = length, Previous = Count - 1, Next = -1 };
        Count++;
    }

    /// <summary>Joins a symbol with the one that follows it.</summary>
    public void Merge(int position, int mergedId)
    {
        ref var left = ref symbols[position];
        ref var right = ref symbols[left.Next];
        left.Id = mergedId;
        left.Length += right.Length;
        left.Next = right.Next;
        right.Length = 0;
        if (left.Next >= 0)
        {
            symbols[left.Next].Previous = position;
        }
    }

    /// <summary>Lets go of what one huge word made grow.</summary>
    public void Trim()
    {
        if (symbols.Length > 1 << 18)
        {
            symbols = new Symbol[64];
            Count = 0;
        }
    }

    /// <summary>A symbol; length 0 when it was merged into the one before it.</summary>
    public struct Symbol
    {
        public int Id;
        public int Length;
        public int Previous;
        public int Next;
    }
}
