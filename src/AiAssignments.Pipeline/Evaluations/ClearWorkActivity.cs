using AiAssignments.Core.Storage;
using AiAssignments.Core.Workflows;

namespace AiAssignments.Pipeline.Evaluations;

/// <summary>Removes the shards' blobs once the report holds all of it.</summary>
/// <param name="blobs">Where they lie.</param>
public sealed class ClearWorkActivity(IBlobStore blobs) : IActivity<string, bool>
{
    /// <inheritdoc />
    public async Task<bool> RunAsync(string input, CancellationToken cancellationToken)
    {
        await foreach (var blob in blobs.ListAsync(EvaluationPaths.Work(input), cancellationToken).ConfigureAwait(false))
        {
            await blobs.DeleteAsync(blob.Path, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }
}
