using System.Security.Cryptography;
using System.Text;
using AiAssignments.Core.Storage;

namespace AiAssignments.Local.Drops;

/// <summary>
/// Remembers over a restart which dropped blobs were taken in, so that they are neither fetched again nor, when a user has deleted what they became, brought back.
/// What was refused, or had no model to be scored with, is not among them.
/// </summary>
internal sealed class SettledDrops(IDocumentStore documents)
{
    private const string Container = "drops";
    private const string Partition = "all";

    /// <summary>Whether this version was taken in.</summary>
    /// <param name="kind">Which container it lies in.</param>
    /// <param name="blob">What lies there.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<bool> HasAsync(string kind, BlobFacts blob, CancellationToken cancellationToken) =>
        (await documents.FindAsync<Drop>(Container, Partition, IdOf(kind, blob), cancellationToken).ConfigureAwait(false))?.Value.ETag == blob.ETag;

    /// <summary>Notes that this version was taken in.</summary>
    /// <param name="kind">Which container it lies in.</param>
    /// <param name="blob">What lies there.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public Task AddAsync(string kind, BlobFacts blob, CancellationToken cancellationToken) =>
        documents.PutAsync(Container, Partition, IdOf(kind, blob), new Drop(blob.Path, blob.ETag), null, cancellationToken);

    private static string IdOf(string kind, BlobFacts blob) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\n{blob.Path}")));

    private sealed record Drop(string Name, string ETag);
}
