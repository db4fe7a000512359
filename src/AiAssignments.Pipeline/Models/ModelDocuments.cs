using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;

namespace AiAssignments.Pipeline.Models;

/// <summary>Changes a version's document under its ETag, so that who promotes it and who notes its quality never undo each other.</summary>
internal static class ModelDocuments
{
    // Each loser of a race means that another writer won, so this many losses in a row is a store that does not keep its word.
    private const int Attempts = 100;

    /// <summary>Reads, changes and writes until no other write came in between.</summary>
    /// <param name="documents">The store.</param>
    /// <param name="reference"><c>name@version</c>.</param>
    /// <param name="change">Makes the new fact of the one that is there; called again after a lost race. <c>null</c>: nothing is to be written.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>What is there now; <c>null</c> when there is no such version.</returns>
    public static async Task<ModelVersion?> UpdateModelAsync(
        this IDocumentStore documents, string reference, Func<ModelVersion, CancellationToken, Task<ModelVersion?>> change, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var present = await documents.FindAsync<ModelVersion>(Containers.Models, Containers.Partition, reference, cancellationToken).ConfigureAwait(false);
            if (present is null)
            {
                return null;
            }

            if (await change(present.Value, cancellationToken).ConfigureAwait(false) is not { } changed)
            {
                return present.Value;
            }

            try
            {
                var written = await documents.PutAsync(Containers.Models, Containers.Partition, reference, changed, present.ETag, cancellationToken).ConfigureAwait(false);
                return written.Value;
            }
            catch (ProblemException lost) when (lost.Problem.Code == "document-conflict" && attempt < Attempts)
            {
                // Read again: the other writer's change stays.
            }
        }
    }
}
