using System.Security.Cryptography;
using AiAssignments.Optimization.Training;

namespace AiAssignments.Optimization.Distillation.Students;

/// <summary>A file with the state of a training: <c>AIACHECK</c>, a key of 32 bytes, the state, and SHA-256 over all before.</summary>
/// <param name="Loop">The training.</param>
/// <param name="Path">The file.</param>
/// <param name="Key">What the training is of.</param>
internal sealed record TrainingCheckpoint<TInput>(TrainingLoop<TInput> Loop, string Path, byte[] Key)
{
    private static ReadOnlySpan<byte> Magic => "AIACHECK"u8;

    /// <summary>Replaces the file, whole.</summary>
    public void Write() => WholeFile.Write(Path, stream =>
    {
        using var hash = SHA256.Create();
        using (var hashed = new CryptoStream(stream, hash, CryptoStreamMode.Write, leaveOpen: true))
        {
            using var writer = new BinaryWriter(hashed);
            writer.Write(Magic);
            writer.Write(Key);
            Loop.Write(writer);
        }

        stream.Write(hash.Hash!);
    });

    /// <summary>Brings the loop to where the file stands.</summary>
    /// <returns><c>false</c> when there is no such file, or it is of another training, or broken; the loop may not be used then.</returns>
    public bool TryRead()
    {
        if (!File.Exists(Path))
        {
            return false;
        }

        using var stream = File.OpenRead(Path);
        if (stream.Length < Magic.Length + Key.Length + SHA256.HashSizeInBytes || !IsWhole(stream))
        {
            return false;
        }

        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        if (!reader.ReadBytes(Magic.Length).AsSpan().SequenceEqual(Magic) || !reader.ReadBytes(Key.Length).AsSpan().SequenceEqual(Key))
        {
            return false;
        }

        try
        {
            Loop.Read(reader);
            return stream.Position == stream.Length - SHA256.HashSizeInBytes;
        }
        catch (EndOfStreamException)
        {
            return false;
        }
    }

    private static bool IsWhole(FileStream stream)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        var rest = stream.Length - SHA256.HashSizeInBytes;
        while (rest > 0)
        {
            var read = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, rest));
            if (read == 0)
            {
                return false;
            }

            hash.AppendData(buffer, 0, read);
            rest -= read;
        }

        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        return stream.ReadAtLeast(expected, expected.Length, throwOnEndOfStream: false) == expected.Length
            && hash.GetHashAndReset().AsSpan().SequenceEqual(expected);
    }
}
