using System.Security.Cryptography;
using System.Text;
using AiAssignments.Core.Storage;

namespace AiAssignments.Pipeline.Comparisons;

/// <summary>Names and places of kept comparisons.</summary>
public static class ComparisonFiles
{
    /// <summary>The self-contained HTML report.</summary>
    public const string Html = "comparison.html";

    /// <summary>The Markdown report.</summary>
    public const string Markdown = "comparison.md";

    /// <summary>The JSON report; its schema is <c>docs/comparison.schema.json</c>.</summary>
    public const string Json = "comparison.json";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Html, Markdown, Json];

    internal static string IdOf(string a, string b) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"comparison {a} {b}")))[..32];

    internal static string Folder(string id, string a, string b) => $"reports/comparisons/{a[..8]}-{b[..8]}-{id[..8]}/";

    /// <summary>Deletes the comparisons that an evaluation is a side of.</summary>
    internal static async Task DeleteOfAsync(IBlobStore blobs, IDocumentStore documents, string evaluationId, CancellationToken cancellationToken)
    {
        foreach (var side in new[] { "a", "b" })
        {
            var query = new DocumentQuery { Filters = [new DocumentFilter(side, "=", evaluationId)], PageSize = 1000 };
            foreach (var comparison in await documents.ListAsync<ComparisonRecord>(Containers.Comparisons, query, cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false))
            {
                await DeleteAsync(blobs, documents, comparison, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Deletes one: its files, then its facts, so that a kill in between leaves something to delete again.</summary>
    internal static async Task<bool> DeleteAsync(IBlobStore blobs, IDocumentStore documents, ComparisonRecord comparison, CancellationToken cancellationToken)
    {
        foreach (var name in All)
        {
            await blobs.DeleteAsync(comparison.ReportFolder + name, cancellationToken).ConfigureAwait(false);
        }

        return await documents.DeleteAsync(Containers.Comparisons, Containers.Partition, comparison.Id, cancellationToken).ConfigureAwait(false);
    }
}
