using System.Security.Cryptography;
using System.Text;

namespace AiAssignments.Embedded.Workflows;

/// <summary>Name-based GUIDs (RFC 9562, section 5.5: version 5, SHA-1).</summary>
internal static class DeterministicGuid
{
    /// <summary>The GUID of <paramref name="name"/> in <paramref name="space"/>.</summary>
    public static Guid Create(Guid space, string name)
    {
        var text = Encoding.UTF8.GetBytes(name);
        var bytes = new byte[16 + text.Length];
        space.TryWriteBytes(bytes, bigEndian: true, out _);
        text.CopyTo(bytes, 16);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // Version 5 is defined on SHA-1; nothing here is a secret.
        SHA1.HashData(bytes, hash);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
