using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace AiAssignments.Embedded.Watching;

/// <summary>Gathers drops that arrive together, so that they are evaluated and shown together.</summary>
internal static class DropBatches
{
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    /// <summary>The drops in batches. While one batch is worked on, the next gathers.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<DroppedFile>> TogetherAsync(
        this IAsyncEnumerable<DroppedFile> drops, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateUnbounded<DroppedFile>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pump = PumpAsync(drops, channel.Writer, ending.Token);
        try
        {
            while (await channel.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                await Task.Delay(Gathering, time, cancellationToken).ConfigureAwait(false);
                var batch = new List<DroppedFile>();
                while (channel.Reader.TryRead(out var drop))
                {
                    batch.Add(drop);
                }

                yield return batch;
            }
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await pump.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task PumpAsync(IAsyncEnumerable<DroppedFile> drops, ChannelWriter<DroppedFile> writer, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await foreach (var drop in drops.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                writer.TryWrite(drop);
            }
        }
        catch (Exception error)
        {
            failure = error;
        }

        writer.Complete(failure);
    }
}
