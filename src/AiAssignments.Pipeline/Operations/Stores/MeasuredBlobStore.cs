using System.Diagnostics;
using System.Runtime.CompilerServices;
using AiAssignments.Core.Storage;
using AiAssignments.Core.Telemetry;

namespace AiAssignments.Pipeline.Operations.Stores;

/// <summary>
/// Measures every call of a blob store in <see cref="Instruments.StoreOperationDuration"/>, those that fail too, and bytes in <see cref="Instruments.BlobBytes"/>.
/// A blob that is read is timed until its stream is closed: what its reader does meanwhile is in that time. No label is a caller's.
/// </summary>
/// <param name="inner">The store.</param>
public class MeasuredBlobStore(IBlobStore inner) : IBlobStore
{
    private const string Store = "blobs";

    private static readonly TagList Find = Tags("find");
    private static readonly TagList Read = Tags("read");
    private static readonly TagList Write = Tags("write");
    private static readonly TagList List = Tags("list");
    private static readonly TagList Delete = Tags("delete");
    private static readonly KeyValuePair<string, object?> ReadBytes = new("direction", "read");
    private static readonly KeyValuePair<string, object?> WrittenBytes = new("direction", "written");

    /// <inheritdoc />
    public Task<BlobFacts?> FindAsync(string path, CancellationToken cancellationToken) => TimeAsync(() => inner.FindAsync(path, cancellationToken), Find);

    /// <inheritdoc />
    public async Task<Stream> OpenReadAsync(string path, long offset, long? length, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var stream = await inner.OpenReadAsync(path, offset, length, cancellationToken).ConfigureAwait(false);
            return new MeasuredStream(stream, bytes =>
            {
                Time(started, Read);
                Instruments.BlobBytes.Add(bytes, ReadBytes);
            });
        }
        catch
        {
            Time(started, Read);
            throw;
        }
    }

    /// <inheritdoc />
    public async Task<BlobFacts> WriteAsync(string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        Count(await TimeAsync(() => inner.WriteAsync(path, write, cancellationToken), Write).ConfigureAwait(false));

    /// <inheritdoc />
    public async IAsyncEnumerable<BlobFacts> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await foreach (var facts in inner.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
            {
                yield return facts;
            }
        }
        finally
        {
            Time(started, List);
        }
    }

    /// <inheritdoc />
    public Task<bool> DeleteAsync(string path, CancellationToken cancellationToken) => TimeAsync(() => inner.DeleteAsync(path, cancellationToken), Delete);

    /// <inheritdoc />
    public Task<bool> DeleteAsync(string path, string ifMatch, CancellationToken cancellationToken) => TimeAsync(() => inner.DeleteAsync(path, ifMatch, cancellationToken), Delete);

    /// <summary>Times a call that makes a blob appear, and counts its bytes.</summary>
    /// <param name="call">The call.</param>
    protected static async Task<BlobFacts> WrittenAsync(Func<Task<BlobFacts>> call) => Count(await TimeAsync(call, Write).ConfigureAwait(false));

    private static BlobFacts Count(BlobFacts facts)
    {
        Instruments.BlobBytes.Add(facts.Length, WrittenBytes);
        return facts;
    }

    private static async Task<T> TimeAsync<T>(Func<Task<T>> call, TagList tags)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            return await call().ConfigureAwait(false);
        }
        finally
        {
            Time(started, tags);
        }
    }

    private static void Time(long started, TagList tags) => Instruments.StoreOperationDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, tags);

    private static TagList Tags(string operation) => new() { { "store", Store }, { "operation", operation } };
}
