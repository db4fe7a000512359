namespace AiAssignments.LoadTesting.Transports.Http2;

/// <summary>Counts the messages of a gRPC answer without keeping them.</summary>
internal struct GrpcReader
{
    private ulong prefix;
    private int prefixBytes;
    private long remaining;

    /// <summary>Whole messages seen.</summary>
    public int Messages { get; private set; }

    /// <summary>Whether the last message is whole.</summary>
    public readonly bool AtBoundary => prefixBytes == 0 && remaining == 0;

    public void Consume(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (remaining > 0)
            {
                var step = (int)Math.Min(remaining, bytes.Length);
                remaining -= step;
                bytes = bytes[step..];
                Messages += remaining == 0 ? 1 : 0;
                continue;
            }

            prefix = (prefix << 8) | bytes[0];
            bytes = bytes[1..];
            if (++prefixBytes == GrpcFrame.PrefixLength)
            {
                remaining = (uint)prefix;
                Messages += remaining == 0 ? 1 : 0;
                (prefix, prefixBytes) = (0, 0);
            }
        }
    }
}
