using System.Buffers.Binary;
using System.Security.Cryptography;

namespace AiAssignments.Azure.Blobs;

/// <summary>Ids of one writer's blocks. All ids of a blob must be of one length, and no two writers may have one in common: the one would commit the other's bytes.</summary>
internal sealed class BlockIds
{
    private readonly byte[] bytes = RandomNumberGenerator.GetBytes(18);
    private int next;

    /// <summary>The next id, in base64.</summary>
    public string Next()
    {
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(14), next++);
        return Convert.ToBase64String(bytes);
    }
}
