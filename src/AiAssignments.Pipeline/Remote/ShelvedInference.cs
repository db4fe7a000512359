using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Models.Serving;

namespace AiAssignments.Pipeline.Remote;

/// <summary>
/// Answers with the inference servers what is on their shelf, and all else here. Nothing is asked of them but what they are to answer: servers that have scaled to zero stay there until a
/// model of theirs is needed. What they do not have yet, or when none of them can be reached, this process answers: slower, with the same files.
/// </summary>
/// <param name="local">Serves in this process; not owned.</param>
/// <param name="remote">The inference servers; not owned.</param>
/// <param name="source">Says which version is active.</param>
/// <param name="shelf">Says what the servers have, and under which name.</param>
public sealed class ShelvedInference(IModelServer local, RemoteInference remote, IModelSource source, ServingShelf shelf) : IModelServer
{
    /// <inheritdoc />
    public Task<ServedPredictions> PredictAsync(string name, string? version, IReadOnlyList<DatasetRecord> records, ServeOptions options, CancellationToken cancellationToken) => AnswerAsync(
        name,
        version,
        async (key, there) =>
        {
            var served = await remote.PredictAsync(there.Name, there.Version, records, options, cancellationToken).ConfigureAwait(false);
            return served with { Key = key, Card = served.Card with { Name = key.Name, Version = key.Version } };
        },
        () => local.PredictAsync(name, version, records, options, cancellationToken),
        cancellationToken);

    /// <inheritdoc />
    public Task<ServedTensors> InferAsync(
        string name, string? version, IReadOnlyList<Tensor> inputs, IReadOnlyList<string> outputs, ServeOptions options, CancellationToken cancellationToken) => AnswerAsync(
        name,
        version,
        async (key, there) => await remote.InferAsync(there.Name, there.Version, inputs, outputs, options, cancellationToken).ConfigureAwait(false) with { Key = key },
        () => local.InferAsync(name, version, inputs, outputs, options, cancellationToken),
        cancellationToken);

    /// <inheritdoc />
    /// <remarks>Versions as they are in this process.</remarks>
    public Task<IReadOnlyList<ModelStatus>> ListAsync(CancellationToken cancellationToken) => local.ListAsync(cancellationToken);

    /// <inheritdoc />
    /// <remarks>The version as it is in this process.</remarks>
    public Task<ModelStatus?> FindAsync(string name, string? version, CancellationToken cancellationToken) => local.FindAsync(name, version, cancellationToken);

    /// <inheritdoc />
    /// <remarks>The servers load what is on their shelf by themselves, and only who administers them may tell them to: it is enough that one has it.</remarks>
    public Task LoadAsync(string name, string? version, CancellationToken cancellationToken) => AnswerAsync(
        name,
        version,
        async (_, there) => await remote.HasAsync(there, cancellationToken).ConfigureAwait(false)
            ? true
            : throw new ProblemException("model-not-found", "The inference servers do not have the version yet.", there.ToString()),
        async () =>
        {
            await local.LoadAsync(name, version, cancellationToken).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    /// <inheritdoc />
    /// <remarks>From this process: the servers serve others, too.</remarks>
    public Task UnloadAsync(string name, string? version, CancellationToken cancellationToken) => local.UnloadAsync(name, version, cancellationToken);

    /// <inheritdoc />
    /// <remarks>Of this process: the servers serve others, too.</remarks>
    public Task<MemoryFreed> TrimAsync(CancellationToken cancellationToken) => local.TrimAsync(cancellationToken);

    /// <summary>Scores a version's records on the servers, if they have it; waits for servers that have to start first.</summary>
    /// <param name="version">The version.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops the asking.</param>
    /// <returns><c>null</c>: it is to be scored here.</returns>
    public async Task<RemoteScorer?> ScorerOfAsync(ModelVersion version, TimeProvider time, CancellationToken cancellationToken) =>
        shelf.KeyOf(version) is { } there && await remote.HasAsync(there, cancellationToken).ConfigureAwait(false) ? new RemoteScorer(version, remote, time, there) : null;

    private async Task<T> AnswerAsync<T>(string name, string? version, Func<ModelKey, ModelKey, Task<T>> elsewhere, Func<Task<T>> here, CancellationToken cancellationToken)
    {
        if ((version is null ? await source.ActiveAsync(name, cancellationToken).ConfigureAwait(false) : new ModelKey(name, version)) is { } key
            && await shelf.FindAsync(key, cancellationToken).ConfigureAwait(false) is { } there)
        {
            try
            {
                return await elsewhere(key, there).ConfigureAwait(false);
            }
            catch (ProblemException gone) when (gone.Problem.Code is "server-unavailable" or "model-not-found" or "model-unloaded" or "model-draining")
            {
                shelf.Forget(key);
            }
        }

        return await here().ConfigureAwait(false);
    }
}
