using System.Buffers.Binary;

namespace AiAssignments.LoadTesting.Transports.Http2;

/// <summary>gRPC's framing of messages over HTTP/2 ("Length-Prefixed-Message": a flag, a 32-bit length, the message).</summary>
internal static class GrpcFrame
{
    public const int PrefixLength = 5;

    public static byte[] Of(ReadOnlySpan<byte> message)
    {
        var frame = new byte[PrefixLength + message.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.CopyTo(frame.AsSpan(PrefixLength));
        return frame;
    }
}
