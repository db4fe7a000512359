using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Models;

namespace AiAssignments.Pipeline.Caching;

/// <summary>A version as the prediction cache needs it.</summary>
internal sealed class ServedModel
{
    private readonly byte[] identity;

    public ServedModel(ModelVersion version)
    {
        Key = new ModelKey(version.Card.Name, version.Card.Version);
        Version = version;
        Labels = version.Card.Labels.ToFrozenSet(StringComparer.Ordinal);
        identity = IdentityOf(version);
    }

    public ModelKey Key { get; }

    public ModelVersion Version { get; }

    public FrozenSet<string> Labels { get; }

    /// <summary>SHA-256 over name, version and content hash, 32 bytes: a version that was deleted and registered anew with other content is another one.</summary>
    public ReadOnlySpan<byte> Identity => identity;

    private static byte[] IdentityOf(ModelVersion version)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in (ReadOnlySpan<string>)[version.Card.Name, version.Card.Version, version.ContentHash])
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return hash.GetHashAndReset();
    }
}
