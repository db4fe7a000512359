using System.Collections.Concurrent;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Serving;

namespace AiAssignments.Pipeline.Remote;

/// <summary>
/// Answers with the inference servers what they have, and here what they have not. Which version a name stands for is decided here, so that a promotion
/// counts at once; the servers are asked for that version. When none of them can be reached, this process answers: slower, with the same files.
/// </summary>
/// <param name="local">Serves in this process.</param>
/// <param name="remote">The inference servers.</param>
/// <param name="source">Says which version is active.</param>
/// <param name="time">The clock.</param>
public sealed class PlacedInference(IModelServer local, IModelServer remote, IModelSource source, TimeProvider time) : IModelServer
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<ModelKey, (bool There, long At)> places = new();

    /// <inheritdoc />
    public Task<ServedPredictions> PredictAsync(string name, string? version, IReadOnlyList<DatasetRecord> records, ServeOptions options, CancellationToken cancellationToken) =>
        PlacedAsync(name, version, (server, asked) => server.PredictAsync(name, asked, records, options, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public Task<ServedTensors> InferAsync(
        string name, string? version, IReadOnlyList<Tensor> inputs, IReadOnlyList<string> outputs, ServeOptions options, CancellationToken cancellationToken) =>
        PlacedAsync(name, version, (server, asked) => server.InferAsync(name, asked, inputs, outputs, options, cancellationToken), cancellationToken);

    /// <inheritdoc />
    /// <remarks>Versions of this process; of one that the servers have, the state that it has there.</remarks>
    public async Task<IReadOnlyList<ModelStatus>> ListAsync(CancellationToken cancellationToken)
    {
        var here = await local.ListAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var there = (await remote.ListAsync(cancellationToken).ConfigureAwait(false)).ToDictionary(status => status.Key);
            return [.. here.Select(status => there.TryGetValue(status.Key, out var placed) ? placed with { Active = status.Active } : status)];
        }
        catch (ProblemException unreached) when (IsAbsence(unreached))
        {
            return here;
        }
    }

    /// <inheritdoc />
    public Task<ModelStatus?> FindAsync(string name, string? version, CancellationToken cancellationToken) =>
        PlacedAsync(name, version, (server, asked) => server.FindAsync(name, asked, cancellationToken), cancellationToken);

    /// <inheritdoc />
    /// <remarks>Where the version is placed.</remarks>
    public Task LoadAsync(string name, string? version, CancellationToken cancellationToken) =>
        PlacedAsync(name, version, (server, asked) => DoneAsync(server.LoadAsync(name, asked, cancellationToken)), cancellationToken);

    /// <inheritdoc />
    /// <remarks>Where the version is placed.</remarks>
    public Task UnloadAsync(string name, string? version, CancellationToken cancellationToken) =>
        PlacedAsync(name, version, (server, asked) => DoneAsync(server.UnloadAsync(name, asked, cancellationToken)), cancellationToken);

    /// <inheritdoc />
    /// <remarks>Of this process: the servers serve others too.</remarks>
    public Task<MemoryFreed> TrimAsync(CancellationToken cancellationToken) => local.TrimAsync(cancellationToken);

    private async Task<T> PlacedAsync<T>(string name, string? version, Func<IModelServer, string?, Task<T>> call, CancellationToken cancellationToken)
    {
        var key = version is null ? await source.ActiveAsync(name, cancellationToken).ConfigureAwait(false) : new ModelKey(name, version);
        if (key is { } known && await IsThereAsync(known, cancellationToken).ConfigureAwait(false))
        {
            try
            {
                return await call(remote, known.Version).ConfigureAwait(false);
            }
            catch (ProblemException gone) when (IsAbsence(gone))
            {
                places[known] = (false, time.GetTimestamp());
            }
        }

        return await call(local, version).ConfigureAwait(false);
    }

    private async Task<bool> IsThereAsync(ModelKey key, CancellationToken cancellationToken)
    {
        if (places.TryGetValue(key, out var place) && time.GetElapsedTime(place.At) < Remembered)
        {
            return place.There;
        }

        bool there;
        try
        {
            there = await remote.FindAsync(key.Name, key.Version, cancellationToken).ConfigureAwait(false) is { State: not (ModelState.Failed or ModelState.Unloaded) };
        }
        catch (ProblemException unreached) when (IsAbsence(unreached))
        {
            there = false;
        }

        // Only versions that the servers know or that are registered here: a caller's invention is not remembered.
        if (there || await local.FindAsync(key.Name, key.Version, cancellationToken).ConfigureAwait(false) is not null)
        {
            places[key] = (there, time.GetTimestamp());
        }

        return there;
    }

    private static bool IsAbsence(ProblemException problem) => problem.Problem.Code is "server-unavailable" or "model-not-found" or "model-unloaded" or "model-draining";

    private static async Task<bool> DoneAsync(Task work)
    {
        await work.ConfigureAwait(false);
        return true;
    }
}
