using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace AiAssignments.Optimization.Distillation.Teachers;

/// <summary>
/// One file of a teacher's answers: <c>AIALOGIT</c>, the key's 32 bytes, then as little-endian int32 the chunk's ordinal, the number of entries, the number of
/// labels and each entry's rows (0: no answer), the logits as float32, and SHA-256 over all before.
/// </summary>
internal static class LogitChunk
{
    private const int KeyBytes = SHA256.HashSizeInBytes;
    private const int FixedBytes = 8 + KeyBytes + (3 * sizeof(int));

    private static ReadOnlySpan<byte> Magic => "AIALOGIT"u8;

    /// <summary>Where the logits begin.</summary>
    public static long LogitsStart(int entries) => FixedBytes + ((long)entries * sizeof(int));

    /// <summary>Writes a chunk whole or not at all.</summary>
    public static void Write(string path, ReadOnlySpan<byte> key, int ordinal, int labels, IReadOnlyList<float[]?> answers)
    {
        using var memory = new MemoryStream();
        memory.Write(Magic);
        memory.Write(key);
        int[] head = [ordinal, answers.Count, labels, .. answers.Select(answer => (answer?.Length ?? 0) / labels)];
        memory.Write(MemoryMarshal.AsBytes(head.AsSpan()));
        foreach (var answer in answers)
        {
            memory.Write(MemoryMarshal.AsBytes(answer.AsSpan()));
        }

        memory.Write(SHA256.HashData(memory.GetBuffer().AsSpan(0, (int)memory.Length)));
        WholeFile.Write(path, stream => memory.WriteTo(stream));
    }

    /// <summary>Rows of each entry, when the file is there and whole, has this key and this place; else <c>null</c>.</summary>
    public static int[]? Read(string path, ReadOnlySpan<byte> key, int ordinal, int labels, int entries)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var bytes = File.ReadAllBytes(path);
        var body = bytes.Length - SHA256.HashSizeInBytes;
        if (body < LogitsStart(entries)
            || !bytes.AsSpan(0, Magic.Length).SequenceEqual(Magic)
            || !bytes.AsSpan(Magic.Length, KeyBytes).SequenceEqual(key)
            || !SHA256.HashData(bytes.AsSpan(0, body)).AsSpan().SequenceEqual(bytes.AsSpan(body)))
        {
            return null;
        }

        var numbers = MemoryMarshal.Cast<byte, int>(bytes.AsSpan(Magic.Length + KeyBytes, (int)LogitsStart(entries) - Magic.Length - KeyBytes));
        return numbers[0] == ordinal && numbers[1] == entries && numbers[2] == labels ? numbers[3..].ToArray() : null;
    }
}
