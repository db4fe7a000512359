using System.Security.Cryptography;
using AiAssignments.Core.Errors;

namespace AiAssignments.Pipeline.Uploads;

/// <summary>A checksum that a client sends with a piece (tus 1.0.0, checksum extension): <c>ALGORITHM BASE64</c>.</summary>
public sealed class UploadChecksum : IDisposable
{
    /// <summary>The algorithms, as the <c>Tus-Checksum-Algorithm</c> header lists them. The protocol demands SHA-1, against damage and not against forgery.</summary>
    public const string Algorithms = "sha1,sha256";

    private readonly byte[] expected;
    private readonly IncrementalHash hash;

    private UploadChecksum(byte[] expected, HashAlgorithmName algorithm)
    {
        this.expected = expected;
        hash = IncrementalHash.CreateHash(algorithm);
    }

    /// <summary>Reads the header; <c>null</c> when there is none.</summary>
    /// <param name="header">The <c>Upload-Checksum</c> header.</param>
    /// <exception cref="ProblemException"><c>checksum-unsupported</c>.</exception>
    public static UploadChecksum? Parse(string? header)
    {
        if (string.IsNullOrEmpty(header))
        {
            return null;
        }

        var parts = header.Split(' ', 2);
        (HashAlgorithmName Name, int Bytes)? algorithm = parts[0] switch
        {
            "sha1" => (HashAlgorithmName.SHA1, SHA1.HashSizeInBytes),
            "sha256" => (HashAlgorithmName.SHA256, SHA256.HashSizeInBytes),
            _ => null,
        };
        var bytes = new byte[64];
        return algorithm is { } known && parts.Length == 2 && Convert.TryFromBase64String(parts[1].Trim(), bytes, out var read) && read == known.Bytes
            ? new UploadChecksum(bytes[..read], known.Name)
            : throw new ProblemException("checksum-unsupported", $"Upload-Checksum must be one of {Algorithms}, a blank, and the checksum in base64.");
    }

    /// <summary>Takes bytes of the piece, in order.</summary>
    /// <param name="bytes">The bytes.</param>
    public void Append(ReadOnlySpan<byte> bytes) => hash.AppendData(bytes);

    /// <summary>Whether the bytes so far are what was sent.</summary>
    public bool Matches() => CryptographicOperations.FixedTimeEquals(hash.GetCurrentHash(), expected);

    /// <inheritdoc />
    public void Dispose() => hash.Dispose();
}
