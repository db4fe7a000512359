namespace AiAssignments.Inference.Tokenization.Models;

/// <summary>A binary heap of possible merges: lowest rank first, leftmost first among equals.</summary>
internal sealed class MergeQueue
{
    private ulong[] heap = new ulong[64];

    public int Count { get; private set; }

    public void Clear() => Count = 0;

    public void Push(int rank, int position)
    {
        if (Count == heap.Length)
        {
            Array.Resize(ref heap, Count * 2);
        }

        var item = ((ulong)(uint)rank << 32) | (uint)position;
        var at = Count++;
        while (at > 0 && heap[(at - 1) >> 1] > item)
        {
            heap[at] = heap[(at - 1) >> 1];
            at = (at - 1) >> 1;
        }

        heap[at] = item;
    }

    public (int Rank, int Position) Pop()
    {
        var top = heap[0];
        var item = heap[--Count];
        var at = 0;
        while (true)
        {
            var child = (at * 2) + 1;
            if (child >= Count)
            {
                break;
            }

            if (child + 1 < Count && heap[child + 1] < heap[child])
            {
                child++;
            }

            if (heap[child] >= item)
            {
                break;
            }

            heap[at] = heap[child];
            at = child;
        }

        heap[at] = item;
        return ((int)(top >> 32), (int)(uint)top);
    }

    /// <summary>Lets go of what one huge word made grow.</summary>
    public void Trim()
    {
        if (heap.Length > 1 << 18)
        {
            heap = new ulong[64];
            Count = 0;
        }
    }
}
