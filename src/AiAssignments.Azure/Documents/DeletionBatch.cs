using Microsoft.Azure.Cosmos;

namespace AiAssignments.Azure.Documents;

/// <summary>Deletions of one partition in one request, a transactional batch (learn.microsoft.com/azure/cosmos-db/transactional-batch): all are done or none.</summary>
internal static class DeletionBatch
{
    /// <summary>Most operations that a batch takes (learn.microsoft.com/azure/cosmos-db/concepts-limits).</summary>
    public const int MostOperations = 100;

    /// <summary>Deletes all or, when one is not there, none.</summary>
    /// <param name="items">Their container.</param>
    /// <param name="key">Their partition.</param>
    /// <param name="ids">Ids as they are stored, <see cref="MostOperations"/> at most, each once.</param>
    /// <param name="where">Place in the message of a problem.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns><c>false</c>: one was not there, and nothing was done.</returns>
    /// <exception cref="Core.Errors.ProblemException">The service refused, or could not.</exception>
    public static async Task<bool> TryAsync(Container items, PartitionKey key, IEnumerable<string> ids, string where, CancellationToken cancellationToken)
    {
        var batch = ids.Aggregate(items.CreateTransactionalBatch(key), static (batch, id) => batch.DeleteItem(id));
        using var answer = await CosmosCalls.SendAsync("delete-many", where, () => batch.ExecuteAsync(cancellationToken), static answer => answer.Headers, cancellationToken).ConfigureAwait(false);
        return !answer.IsAbsent() && (answer.IsSuccessStatusCode ? true : throw answer.ToProblem(where));
    }
}
