namespace AiAssignments.Inference.Images;

/// <summary>
/// Bounds the memory of all images that are decoded at the same time: a file of a few kilobytes may be half a gigabyte of pixels, once for every lane of
/// every shard. Those who wait come in turn, so that a large image is not kept waiting by small ones; one that is larger than the whole passes alone.
/// </summary>
/// <param name="capacity">Bytes in all.</param>
internal sealed class DecodeBudget(long capacity)
{
    private readonly object gate = new();
    private long used;
    private long nextTicket;
    private long serving;

    /// <summary>The budget of this process: what the largest image takes.</summary>
    public static DecodeBudget Process { get; } = new(ImageDecoder.MostPixels * ImageDecoder.BytesPerPixel);

    /// <summary>How many wait.</summary>
    public long Waiting
    {
        get
        {
            lock (gate)
            {
                return nextTicket - serving;
            }
        }
    }

    /// <summary>Waits until the bytes fit. The holder must not enter again before it leaves.</summary>
    /// <param name="bytes">Bytes about to be allocated.</param>
    /// <returns>Gives them back when disposed.</returns>
    public IDisposable Enter(long bytes)
    {
        lock (gate)
        {
            var ticket = nextTicket++;
            while (ticket != serving || (used > 0 && bytes > capacity - used))
            {
                Monitor.Wait(gate);
            }

            serving++;
            used += bytes;
            Monitor.PulseAll(gate);
        }

        return new Share(this, bytes);
    }

    private void Leave(long bytes)
    {
        lock (gate)
        {
            used -= bytes;
            Monitor.PulseAll(gate);
        }
    }

    private sealed class Share(DecodeBudget budget, long bytes) : IDisposable
    {
        private int left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref left, 1) == 0)
            {
                budget.Leave(bytes);
            }
        }
    }
}
