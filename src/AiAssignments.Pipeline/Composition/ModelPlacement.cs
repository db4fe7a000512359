using AiAssignments.Core.Storage;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Models.Serving;
using AiAssignments.Pipeline.Remote;

namespace AiAssignments.Pipeline.Composition;

/// <summary>Which models run where: on inference servers, as far as there are any and they have them, and in this process.</summary>
internal sealed class ModelPlacement : IAsyncDisposable
{
    private readonly TimeProvider time;
    private readonly HeavyModels? heavy;
    private readonly RemoteInference? remote;
    private readonly PlacedInference? placed;
    private readonly ShelvedInference? shelved;

    public ModelPlacement(InferenceServers? servers, IModelServer local, IModelSource source, ModelRegistry models, IBlobStore blobs, TimeProvider time)
    {
        this.time = time;
        Server = local;
        if (servers is null)
        {
            return;
        }

        heavy = servers.Heavy;
        remote = new RemoteInference(servers.Servers with { Time = time }, servers.Transport ?? RemoteInference.CreateTransport());
        if (heavy is null)
        {
            Server = placed = new PlacedInference(local, remote, source, time);
        }
        else
        {
            Shelf = new ServingShelf(heavy.Shelf, blobs, models, heavy.LeastBytes, time);
            Server = shelved = new ShelvedInference(local, remote, source, Shelf);
        }
    }

    /// <summary>Answers for all of them.</summary>
    public IModelServer Server { get; }

    /// <summary>What the servers have their models from; <c>null</c>: nothing is brought to them.</summary>
    public ServingShelf? Shelf { get; }

    /// <summary>A scorer on the servers; <c>null</c>: the version is scored here. A heavy one that they do not have yet is, slower, as its predictions are answered here.</summary>
    public async Task<IScorer?> ScorerOfAsync(ModelVersion version) =>
        shelved is null ? null : await shelved.ScorerOfAsync(version, time, CancellationToken.None).ConfigureAwait(false);

    /// <summary>Most shards of one evaluation of the version at once; <c>null</c>: as many as of others. The servers' GPU is for others, too.</summary>
    public int? WidthOf(ModelVersion version) => heavy is not null && version.SizeBytes >= heavy.LeastBytes ? heavy.Width : null;

    /// <summary>The version may be served from now on, or is gone.</summary>
    public Task ChangedAsync(ModelVersion version, CancellationToken cancellationToken) =>
        Shelf?.FollowAsync(version, cancellationToken) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (placed is not null)
        {
            await placed.DisposeAsync().ConfigureAwait(false);
        }

        if (remote is not null)
        {
            await remote.DisposeAsync().ConfigureAwait(false);
        }
    }
}
