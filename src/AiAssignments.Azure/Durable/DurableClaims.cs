using System.Security.Cryptography;
using System.Text;
using AiAssignments.Core.Storage;

namespace AiAssignments.Azure.Durable;

/// <summary>
/// Who wants a workflow that has an id of its own: workflows that wait for it, and whoever started it himself. The task hub knows neither. A claim is a document of its own, so that two are
/// never in each other's way; it is forgotten with the container's time to live, and then the workflow is simply left.
/// </summary>
/// <param name="documents">Where claims lie.</param>
internal sealed class DurableClaims(IDocumentStore documents)
{
    /// <summary>The claim of someone who is no workflow.</summary>
    public const string Own = "-";

    private const string Container = "jobs";
    private const string Partition = "all";

    public Task PutAsync(string parent, string child, CancellationToken cancellationToken) =>
        documents.PutAsync(Container, Partition, IdOf(parent, child), new Claim(parent, child), null, cancellationToken);

    public Task RemoveAsync(string parent, string child, CancellationToken cancellationToken) => documents.DeleteAsync(Container, Partition, IdOf(parent, child), cancellationToken);

    /// <summary>Removes what a workflow claims and what is claimed of it.</summary>
    /// <returns>Those it had claimed.</returns>
    public async Task<IReadOnlyList<string>> RemoveAllAsync(string id, CancellationToken cancellationToken)
    {
        var parents = await ParentsAsync(id, cancellationToken).ConfigureAwait(false);
        var children = await ChildrenAsync(id, cancellationToken).ConfigureAwait(false);
        await documents.DeleteManyAsync(
            Container, Partition, [.. parents.Select(parent => IdOf(parent, id)), .. children.Select(child => IdOf(id, child))], cancellationToken).ConfigureAwait(false);
        return children;
    }

    public async Task<IReadOnlyList<string>> ParentsAsync(string child, CancellationToken cancellationToken) =>
        [.. (await FindAsync(nameof(child), child, cancellationToken).ConfigureAwait(false)).Select(claim => claim.Parent)];

    public async Task<IReadOnlyList<string>> ChildrenAsync(string parent, CancellationToken cancellationToken) =>
        [.. (await FindAsync(nameof(parent), parent, cancellationToken).ConfigureAwait(false)).Select(claim => claim.Child)];

    private static string IdOf(string parent, string child) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{parent}\n{child}")))[..32];

    private async Task<List<Claim>> FindAsync(string property, string value, CancellationToken cancellationToken)
    {
        var query = new DocumentQuery { Filters = [new DocumentFilter(property, "=", value)], PageSize = 100 };
        var found = new List<Claim>();
        do
        {
            var page = await documents.QueryAsync<Claim>(Container, Partition, query, cancellationToken).ConfigureAwait(false);
            found.AddRange(page.Items.Select(item => item.Value));
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);
        return found;
    }

    private sealed record Claim(string Parent, string Child);
}
