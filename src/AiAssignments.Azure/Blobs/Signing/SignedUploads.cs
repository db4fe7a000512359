using System.Security.Cryptography;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;

namespace AiAssignments.Azure.Blobs.Signing;

/// <summary>Signs addresses of blobs to be in the container of dropped datasets: with a user delegation key on Azure, with the account's key on an emulator.</summary>
public sealed class SignedUploads : IDirectUploads
{
    private static readonly Dictionary<string, string> Headers = new(StringComparer.Ordinal) { ["x-ms-blob-type"] = "BlockBlob" };

    private readonly BlobContainerClient datasets;
    private readonly UrlSigner signer;
    private readonly TimeProvider time;

    internal SignedUploads(BlobContainerClient datasets, UrlSigner signer, TimeProvider time) => (this.datasets, this.signer, this.time) = (datasets, signer, time);

    /// <summary>How long an address works when nothing else is asked for: 15 minutes. An upload that has begun in time is finished.</summary>
    public static TimeSpan Usual { get; } = TimeSpan.FromMinutes(15);

    /// <summary>The longest that an address can be asked to work: an hour.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromHours(1);

    /// <inheritdoc />
    public Task<DirectUpload> SignAsync(string fileName, CancellationToken cancellationToken) => SignAsync(fileName, Usual, cancellationToken);

    /// <summary>As <see cref="SignAsync(string, CancellationToken)"/>, for another time.</summary>
    /// <param name="fileName">File name as the user knows it. Hostile.</param>
    /// <param name="validFor">How long it works, up to <see cref="Longest"/>.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>upload-name-invalid</c>; <c>option-out-of-range</c>; <c>storage-denied</c>: the identity may not sign.</exception>
    public async Task<DirectUpload> SignAsync(string fileName, TimeSpan validFor, CancellationToken cancellationToken)
    {
        var name = Check(fileName);
        if (validFor <= TimeSpan.Zero || validFor > Longest)
        {
            throw new ProblemException("option-out-of-range", $"A signed address can work for up to {Longest.TotalMinutes} minutes.");
        }

        var path = $"{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}/{name}";
        var expires = time.GetUtcNow() + validFor;

        // Not Write, which would let whoever has the address put other bytes in place of those that were taken in.
        var url = await signer.SignAsync(datasets.GetBlockBlobClient(path), BlobSasPermissions.Create, validFor, cancellationToken).ConfigureAwait(false);
        return new DirectUpload(url, path, expires, Headers);
    }

    private static string Check(string? fileName)
    {
        var name = fileName?[(fileName.LastIndexOfAny(['/', '\\']) + 1)..].Trim();
        return name is { Length: > 0 and <= 255 } && name is not ("." or "..") && !name.EndsWith('.') && !name.Any(c => char.IsControl(c) || char.IsSurrogate(c))
            ? name
            : throw new ProblemException("upload-name-invalid", "The upload needs a file name of 1 to 255 characters that has no control characters and does not end with a dot.");
    }
}
