using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AiAssignments.Embedded;
using AiAssignments.Pipeline.Drops;

namespace AiAssignments.Local.Drops;

/// <summary>What is dropped, wherever: into the folder <c>datasets/</c>, and into the containers where blobs lie in a storage account.</summary>
internal sealed class Arrivals(EmbeddedRuntime runtime, BlobDrops drops, DropContainers containers, ILogger<Arrivals> logger)
{
    /// <summary>Where to drop, for a person.</summary>
    public string Place => containers.Azure is { } azure ? $"{runtime.DatasetsFolder} and the containers of {azure.Address.AbsoluteUri}" : runtime.DatasetsFolder;

    /// <summary>How to add a model, for a person.</summary>
    public string AddModel => containers.Azure is null ? "stop this host and add one with: aia models add PATH" : "drop one into the container of models, as a .zip of its folder or an .onnx file";

    /// <summary>What lies there and what comes; what arrives together comes together.</summary>
    public IAsyncEnumerable<IReadOnlyList<Arrival>> WatchAsync(CancellationToken cancellationToken) => containers.Azure is { } azure
        ? MergeAsync(FilesAsync(cancellationToken), new BlobWatch(azure.Models, azure.Datasets, drops, new SettledDrops(runtime.Documents), TimeProvider.System, logger).WatchAsync(cancellationToken), cancellationToken)
        : FilesAsync(cancellationToken);

    private IAsyncEnumerable<IReadOnlyList<Arrival>> FilesAsync(CancellationToken cancellationToken) => runtime.WatchAsync(cancellationToken).Select(
        IReadOnlyList<Arrival> (batch) =>
            [.. batch.Select(file => new Arrival(Path.GetFileName(file.Path), async token => new Accepted(await runtime.Drops.AcceptAsync(file.Path, token).ConfigureAwait(false))))]);

    private static async IAsyncEnumerable<IReadOnlyList<Arrival>> MergeAsync(
        IAsyncEnumerable<IReadOnlyList<Arrival>> files, IAsyncEnumerable<IReadOnlyList<Arrival>> blobs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateUnbounded<IReadOnlyList<Arrival>>(new UnboundedChannelOptions { SingleReader = true });
        Task[] pumps = [PumpAsync(files, channel.Writer, cancellationToken), PumpAsync(blobs, channel.Writer, cancellationToken)];
        await foreach (var batch in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return batch;
        }

        await Task.WhenAll(pumps).ConfigureAwait(false);
    }

    private static async Task PumpAsync(IAsyncEnumerable<IReadOnlyList<Arrival>> source, ChannelWriter<IReadOnlyList<Arrival>> target, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var batch in source.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                target.TryWrite(batch);
            }
        }
        catch (Exception error)
        {
            // Ends the watching of both: a loop that watches half of its places would not be noticed.
            target.TryComplete(error);
        }
    }
}
