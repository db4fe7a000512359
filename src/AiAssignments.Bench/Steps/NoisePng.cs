using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace AiAssignments.Bench.Steps;

/// <summary>A small grey picture of seeded noise (PNG, ISO/IEC 15948), so that no two pictures that are asked about are the same.</summary>
internal static class NoisePng
{
    private const int Side = 28;

    /// <param name="seed">Decides the pixels.</param>
    public static byte[] Create(int seed)
    {
        var rows = new byte[Side * (Side + 1)];
        var random = new Random(seed);
        for (var row = 0; row < Side; row++)
        {
            // The first byte of a row is its filter: none.
            random.NextBytes(rows.AsSpan((row * (Side + 1)) + 1, Side));
        }

        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Side);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], Side);
        header[8] = 8;
        header[9..].Clear();
        Chunk(file, "IHDR"u8, header);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(rows);
        }

        Chunk(file, "IDAT"u8, packed.GetBuffer().AsSpan(0, (int)packed.Length));
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        var crc = new Crc32();
        crc.Append(type);
        crc.Append(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, crc.GetCurrentHashAsUInt32());
        file.Write(number);
    }
}
