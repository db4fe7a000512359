using AiAssignments.Core.Errors;
using AiAssignments.Inference.Protocol.Records;
using AiAssignments.Inference.Protocol.Requests;
using AiAssignments.Inference.Protocol.Responses;
using AiAssignments.Inference.Protocol.Wire;
using AiAssignments.Inference.Serving;

namespace AiAssignments.Inference.Protocol;

/// <summary>What the Open Inference Protocol v2 asks of a server, without a transport: HTTP and gRPC put their messages around it.</summary>
/// <param name="server">Serves the models.</param>
/// <param name="statistics">Counts.</param>
public sealed class InferenceProtocol(IModelServer server, InferenceStatistics statistics)
{
    /// <summary>Server name in the metadata.</summary>
    public const string ServerName = "ai-assignments";

    /// <summary>Extensions in the metadata, by Triton's names.</summary>
    public static IReadOnlyList<string> Extensions { get; } = ["binary_tensor_data", "classification", "model_repository", "statistics"];

    /// <summary>Runs one request.</summary>
    /// <param name="name">Model name. Hostile.</param>
    /// <param name="version">Version; <c>null</c> for the active one. Hostile.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">A request that is cancelled leaves the queue before inference.</param>
    /// <exception cref="ProblemException">As <see cref="IModelServer"/>'s; <c>tensor-unfit</c>, <c>tensor-invalid</c>.</exception>
    public async Task<InferResponse> InferAsync(string name, string? version, InferRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            var response = RecordTensorNames.AreRecords(request)
                ? await PredictAsync(name, version, request, cancellationToken).ConfigureAwait(false)
                : await RunAsync(name, version, request, cancellationToken).ConfigureAwait(false);
            statistics.Succeeded(response, Rows(request));
            return response;
        }
        catch (ProblemException failed)
        {
            statistics.Failed(name, version);
            if (failed.Problem.Code == "inference-failed")
            {
                // What ONNX Runtime says names the graph's insides; they are for the log.
                throw new ProblemException(new("inference-failed", "The model could not be run on this input; the server's log says why."), failed);
            }

            throw;
        }
    }

    /// <summary>What was counted, of the versions that answered and of those that are ready to: these have an entry from the start.</summary>
    /// <param name="name">Only of this model; <c>null</c> for all. Hostile.</param>
    /// <param name="version">Only of this version; <c>null</c> for all. Hostile.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>model-not-found</c>.</exception>
    public async Task<IReadOnlyList<ModelStatistics>> StatisticsAsync(string? name, string? version, CancellationToken cancellationToken)
    {
        if (name is not null)
        {
            await StatusAsync(name, version, cancellationToken).ConfigureAwait(false);
        }

        var statuses = (await server.ListAsync(cancellationToken).ConfigureAwait(false)).Where(each => Wanted(each.Key)).ToDictionary(each => each.Key);
        var counted = statistics.Read(name, version).ToDictionary(each => each.Key);
        foreach (var ready in statuses.Values.Where(each => each.State == ModelState.Ready))
        {
            counted.TryAdd(ready.Key, ModelStatistics.None(ready.Key));
        }

        return
        [
            .. counted.Values.Select(each => statuses.TryGetValue(each.Key, out var status) ? each with { Batches = status.Batches } : each)
                .OrderBy(each => each.Key.Name, StringComparer.Ordinal).ThenBy(each => each.Key.Version, StringComparer.Ordinal),
        ];

        bool Wanted(ModelKey key) => (name is null || key.Name == name) && (version is null || key.Version == version);
    }

    /// <summary>What a model takes and gives.</summary>
    /// <param name="name">Model name. Hostile.</param>
    /// <param name="version">Version; <c>null</c> for the active one. Hostile.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>model-not-found</c>; <c>model-not-loaded</c>: nothing is known of it before its first load.</exception>
    public async Task<ModelMetadata> MetadataAsync(string name, string? version, CancellationToken cancellationToken)
    {
        var status = await StatusAsync(name, version, cancellationToken).ConfigureAwait(false);
        if (status.Signature is not { } signature)
        {
            throw new ProblemException("model-not-loaded", $"The model '{status.Key}' was not loaded yet; load it, or send it a request.");
        }

        var all = await server.ListAsync(cancellationToken).ConfigureAwait(false);
        var (inputs, outputs) = status.Card is { } card ? RecordTensorNames.Describe(card, signature) : ([], []);
        return new ModelMetadata(
            status.Key.Name,
            [.. all.Where(each => each.Key.Name == status.Key.Name).Select(each => each.Key.Version)],
            "onnxruntime_onnx",
            [.. signature.Inputs.Select(Describe), .. inputs],
            [.. signature.Outputs.Select(Describe), .. outputs])
        {
            ContentHash = status.ContentHash,
        };
    }

    /// <summary>Whether a model answers now.</summary>
    /// <param name="name">Model name. Hostile.</param>
    /// <param name="version">Version; <c>null</c> for the active one. Hostile.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>model-not-found</c>.</exception>
    public async Task<bool> ReadyAsync(string name, string? version, CancellationToken cancellationToken) =>
        (await StatusAsync(name, version, cancellationToken).ConfigureAwait(false)).State == ModelState.Ready;

    /// <summary>One model's status.</summary>
    /// <param name="name">Model name. Hostile.</param>
    /// <param name="version">Version; <c>null</c> for the active one. Hostile.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>model-not-found</c>.</exception>
    public async Task<ModelStatus> StatusAsync(string name, string? version, CancellationToken cancellationToken) =>
        await server.FindAsync(name, version, cancellationToken).ConfigureAwait(false)
        ?? throw new ProblemException("model-not-found", $"There is no model '{Shown(name)}'{(version is null ? string.Empty : $" with the version '{Shown(version)}'")}.");

    /// <summary>The repository's index.</summary>
    /// <param name="readyOnly">Only what answers now.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<IReadOnlyList<RepositoryEntry>> IndexAsync(bool readyOnly, CancellationToken cancellationToken)
    {
        var all = await server.ListAsync(cancellationToken).ConfigureAwait(false);
        return [.. all.Where(each => !readyOnly || each.State == ModelState.Ready).Select(EntryOf)];
    }

    private static RepositoryEntry EntryOf(ModelStatus status) => status.State switch
    {
        ModelState.Ready => new(status.Key.Name, status.Key.Version, "READY", string.Empty),
        ModelState.Loading => new(status.Key.Name, status.Key.Version, "LOADING", string.Empty),
        ModelState.Draining => new(status.Key.Name, status.Key.Version, "UNLOADING", string.Empty),
        ModelState.Failed => new(status.Key.Name, status.Key.Version, "UNAVAILABLE", status.Problem?.Message ?? "the last load failed"),
        ModelState.Unloaded => new(status.Key.Name, status.Key.Version, "UNAVAILABLE", "unloaded"),
        _ => new(status.Key.Name, status.Key.Version, "UNAVAILABLE", "not loaded yet"),
    };

    private static TensorDescription Describe(Onnx.Inspection.OnnxValue value) => new(
        value.Name,
        Datatypes.NameOf(value.ElementType) ?? value.ElementType.ToString().ToUpperInvariant(),
        [.. (value.Shape ?? []).Select(dimension => dimension.Size ?? -1)]);

    private static string Shown(string name) => name.Length > 64 ? string.Concat(name.AsSpan(0, 64), "…") : name;

    private static long Rows(InferRequest request) => request.Inputs[0].Shape is [var first, ..] ? first : 1;

    private static InferOutput Answer(Tensor tensor, RequestedOutput? wanted, InferRequest request, IReadOnlyList<string> labels) => new(
        wanted?.Classification is { } count ? Classification.Apply(tensor, count, labels) : tensor,
        wanted?.Binary ?? request.BinaryOutput);

    private async Task<InferResponse> PredictAsync(string name, string? version, InferRequest request, CancellationToken cancellationToken)
    {
        var wanted = PredictionTensors.Wanted(request);
        var options = new ServeOptions { Timeout = request.Timeout, Logits = wanted.Any(output => output.Name == RecordTensorNames.Logits) };
        var served = await server.PredictAsync(name, version, RecordReader.Read(request), options, cancellationToken).ConfigureAwait(false);
        var outputs = PredictionTensors.Write(served, wanted).Select((tensor, i) => Answer(tensor, wanted[i], request, served.Card.Labels));
        return new InferResponse(served.Key, request.Id, [.. outputs], served.Timing);
    }

    private async Task<InferResponse> RunAsync(string name, string? version, InferRequest request, CancellationToken cancellationToken)
    {
        var options = new ServeOptions { Timeout = request.Timeout };
        var served = await server.InferAsync(name, version, request.Inputs, [.. request.Outputs.Select(output => output.Name)], options, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<string> labels = [];
        if (request.Outputs.Any(output => output.Classification is not null))
        {
            labels = (await server.FindAsync(served.Key.Name, served.Key.Version, cancellationToken).ConfigureAwait(false))?.Card?.Labels ?? [];
        }

        var outputs = served.Outputs.Select((tensor, i) => Answer(tensor, i < request.Outputs.Count ? request.Outputs[i] : null, request, labels));
        return new InferResponse(served.Key, request.Id, [.. outputs], served.Timing) { Memory = served.Memory };
    }
}
