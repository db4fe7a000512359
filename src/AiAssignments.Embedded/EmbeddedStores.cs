using AiAssignments.Core.Storage;
using AiAssignments.Embedded.Blobs;
using AiAssignments.Embedded.Documents;
using AiAssignments.Pipeline.Operations.Stores;

namespace AiAssignments.Embedded;

/// <summary>What an embedded runtime keeps to itself while it is open: the data folder, its documents, and its blobs, or the hold on where they lie.</summary>
internal sealed class EmbeddedStores : IAsyncDisposable
{
    private readonly OutsideHold? hold;

    private EmbeddedStores(DataFolder folder, EmbeddedOptions options, OutsideHold? hold)
    {
        (Folder, this.hold) = (folder, hold);
        Blobs = MeasuredGrowingBlobStore.Of(
            options.Blobs?.Store ?? new FolderBlobStore(folder.Blobs, options.Time, options.CreateTemporary ?? FolderBlobStore.CreateTemporary));
        Documents = new SqliteDocumentStore(folder.DocumentsFile);
    }

    public DataFolder Folder { get; }

    public IGrowingBlobStore Blobs { get; }

    public SqliteDocumentStore Documents { get; }

    /// <summary>Cancelled when the blobs outside of the folder are another process's.</summary>
    public CancellationToken BlobsLost => hold?.Lost ?? CancellationToken.None;

    public static async Task<EmbeddedStores> OpenAsync(EmbeddedOptions options, CancellationToken cancellationToken)
    {
        var folder = DataFolder.Open(options.DataFolder, options.Time);
        OutsideHold? hold = null;
        try
        {
            var installation = BlobHome.Check(folder, options.Blobs?.Place);
            if (options.Blobs is { } outside)
            {
                hold = await outside.ClaimAsync(installation!.Value, $"{Environment.MachineName}\n{folder.Root}", cancellationToken).ConfigureAwait(false);
            }

            return new EmbeddedStores(folder, options, hold);
        }
        catch
        {
            await CloseAsync(folder, hold).ConfigureAwait(false);
            throw;
        }
    }

    public ValueTask DisposeAsync()
    {
        Documents.Dispose();
        return CloseAsync(Folder, hold);
    }

    private static async ValueTask CloseAsync(DataFolder folder, OutsideHold? hold)
    {
        if (hold is not null)
        {
            await hold.ReleaseAsync().ConfigureAwait(false);
        }

        folder.Dispose();
    }
}
