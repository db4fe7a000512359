using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Net.Sockets;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Protocol;
using AiAssignments.Inference.Protocol.Records;
using AiAssignments.Inference.Protocol.Requests;
using AiAssignments.Inference.Protocol.Responses;
using AiAssignments.Inference.Serving;

namespace AiAssignments.Pipeline.Remote;

/// <summary>
/// One or several inference servers as one <see cref="IModelServer"/>. Each attempt goes to the ready server with the least outstanding; a full one, a broken
/// connection and a server that stops are another server's turn, within the deadline. Records go as texts and images, and the server tokenizes and decodes
/// with the code and the files that it scores with: the numbers are the same as in one process, which a second tokenizer here could only hope for.
/// </summary>
public sealed class RemoteInference : IModelServer, IAsyncDisposable
{
    private const int MostCards = 4096;
    private readonly ConcurrentDictionary<ModelKey, ModelCard> cards = new();
    private readonly RemoteOptions options;
    private readonly HttpClient http;
    private readonly ServerPool pool;
    private readonly HealthWatch health;
    private readonly RemoteCaller caller;

    /// <summary>Begins to watch the servers' health.</summary>
    /// <param name="options">The servers.</param>
    /// <exception cref="ProblemException"><c>option-invalid</c>.</exception>
    public RemoteInference(RemoteOptions options)
        : this(options, CreateTransport())
    {
    }

    /// <summary>As the other, over a transport of the caller's.</summary>
    /// <param name="options">The servers.</param>
    /// <param name="handler">The transport; owned.</param>
    /// <exception cref="ProblemException"><c>option-invalid</c>.</exception>
    public RemoteInference(RemoteOptions options, HttpMessageHandler handler)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options.Checked();
        http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = options.Limits.BodyBytes };
        pool = new ServerPool(this.options);
        health = new HealthWatch(pool, http, this.options);
        caller = new RemoteCaller(pool, http, this.options);
        health.Start();
    }

    /// <summary>The servers, for tests and views.</summary>
    internal ServerPool Pool => pool;

    /// <summary>The health checks.</summary>
    internal HealthWatch Health => health;

    /// <inheritdoc />
    /// <exception cref="ProblemException">Also <c>server-unavailable</c>: no server could be reached.</exception>
    public async Task<ServedPredictions> PredictAsync(string name, string? version, IReadOnlyList<DatasetRecord> records, ServeOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(options);
        if (records.Count == 0)
        {
            throw new ProblemException("request-invalid", "There are no records; one or more are needed.");
        }

        List<RequestedOutput> outputs = [new(RecordTensorNames.Probabilities, true, null), new(RecordTensorNames.Truncated, true, null), new(RecordTensorNames.Error, true, null)];
        if (options.Logits)
        {
            outputs.Add(new(RecordTensorNames.Logits, true, null));
        }

        var response = await InferAsync(name, version, RecordWriter.Write(records), outputs, options, cancellationToken).ConfigureAwait(false);
        var card = await CardAsync(response.Model, cancellationToken).ConfigureAwait(false);
        var scored = PredictionTensors.Read(records, card.Labels.Count, [.. response.Outputs.Select(output => output.Tensor)]);
        return new ServedPredictions(response.Model, card, scored, response.Timing);
    }

    /// <inheritdoc />
    /// <exception cref="ProblemException">Also <c>server-unavailable</c>: no server could be reached.</exception>
    public async Task<ServedTensors> InferAsync(
        string name, string? version, IReadOnlyList<Tensor> inputs, IReadOnlyList<string> outputs, ServeOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(options);
        var wanted = outputs.Select(output => new RequestedOutput(output, true, null)).ToList();
        var response = await InferAsync(name, version, inputs, wanted, options, cancellationToken).ConfigureAwait(false);
        return new ServedTensors(response.Model, [.. response.Outputs.Select(output => output.Tensor)], response.Timing);
    }

    /// <inheritdoc />
    /// <remarks>All servers that are up are asked, each for at most <see cref="RemoteOptions.HealthTimeout"/>; a version that several have is one line, the readiest, with rows and memory summed. A server that cannot be reached is left out.</remarks>
    public async Task<IReadOnlyList<ModelStatus>> ListAsync(CancellationToken cancellationToken)
    {
        var call = new RemoteCall<IReadOnlyList<ModelStatus>>(string.Empty, (server, _) => Get(server, "/v2/status"), ReadStatusesAsync);
        var found = await Task.WhenAll(pool.Reachable().Select(server => TryOneAsync(call, server, options.HealthTimeout, cancellationToken))).ConfigureAwait(false);
        if (found.All(each => each.Value is null))
        {
            throw found[0].Problem!;
        }

        return [.. found.SelectMany(each => each.Value ?? []).GroupBy(status => status.Key).Select(Merge).OrderBy(status => status.Key.ToString(), StringComparer.Ordinal)];
    }

    /// <inheritdoc />
    public async Task<ModelStatus?> FindAsync(string name, string? version, CancellationToken cancellationToken)
    {
        var call = new RemoteCall<IReadOnlyList<ModelStatus>>(string.Empty, (server, _) => Get(server, $"{ModelPath(name, version)}/status"), ReadStatusesAsync);
        var found = await Task.WhenAll(pool.Reachable().Select(server => TryOneAsync(call, server, options.HealthTimeout, cancellationToken))).ConfigureAwait(false);
        var statuses = found.SelectMany(each => each.Value ?? []).ToList();
        if (statuses.Count > 0)
        {
            return Merge(statuses);
        }

        return found.Any(each => each.Problem?.Problem.Code == "model-not-found") ? null : throw found[0].Problem!;
    }

    /// <summary>Whether a server has a version that may answer; waits, as for a prediction, for servers that have to start first.</summary>
    /// <param name="key">The version.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>server-unavailable</c>; <c>deadline-exceeded</c>.</exception>
    public async Task<bool> HasAsync(ModelKey key, CancellationToken cancellationToken)
    {
        var call = new RemoteCall<IReadOnlyList<ModelStatus>>(string.Empty, (server, _) => Get(server, $"{ModelPath(key.Name, key.Version)}/status"), ReadStatusesAsync);
        try
        {
            var statuses = await caller.CallAsync(call, options.Timeout, cancellationToken).ConfigureAwait(false);
            return statuses.Any(status => status.State is not (ModelState.Failed or ModelState.Unloaded or ModelState.Draining));
        }
        catch (ProblemException missing) when (missing.Problem.Code == "model-not-found")
        {
            return false;
        }
    }

    /// <inheritdoc />
    /// <remarks>On all servers, side by side; fails when one of them cannot, after all have tried.</remarks>
    public Task LoadAsync(string name, string? version, CancellationToken cancellationToken) => OnAllAsync(name, "load", version, cancellationToken);

    /// <inheritdoc />
    /// <remarks>On all servers, side by side.</remarks>
    public Task UnloadAsync(string name, string? version, CancellationToken cancellationToken) => OnAllAsync(name, "unload", version, cancellationToken);

    /// <inheritdoc />
    /// <remarks>On all servers, side by side; the sums. A server that cannot be reached is left out.</remarks>
    public async Task<MemoryFreed> TrimAsync(CancellationToken cancellationToken)
    {
        var call = new RemoteCall<MemoryFreed>(
            string.Empty,
            (server, _) => new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, "/v2/memory/trim")),
            async (response, token) => await response.Content.ReadFromJsonAsync<MemoryFreed>(token).ConfigureAwait(false) ?? throw new ProblemException("json-invalid", "The answer is null."));
        var found = await Task.WhenAll(pool.Servers.Select(server => TryOneAsync(call, server, options.Timeout + options.RunLimit, cancellationToken))).ConfigureAwait(false);
        var freed = found.Select(each => each.Value).OfType<MemoryFreed>().ToList();
        return freed.Count == 0
            ? throw found[0].Problem!
            : new MemoryFreed(
                [.. freed.SelectMany(each => each.ModelsUnloaded).Distinct()],
                freed.Sum(each => each.ResidentBefore),
                freed.Sum(each => each.ResidentAfter),
                freed.Sum(each => each.ManagedBefore),
                freed.Sum(each => each.ManagedAfter));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await health.DisposeAsync().ConfigureAwait(false);
        http.Dispose();
        pool.Dispose();
    }

    /// <summary>The transport that is used when none is given, for those who put a handler of their own before it.</summary>
    public static SocketsHttpHandler CreateTransport() => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(2),
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
        UseCookies = false,
        UseProxy = false,
        AllowAutoRedirect = false,

        // A request smaller than a packet must not wait for the acknowledgement of the one before it.
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };

    private static string ModelPath(string name, string? version) =>
        $"/v2/models/{Uri.EscapeDataString(name)}{(version is null ? string.Empty : $"/versions/{Uri.EscapeDataString(version)}")}";

    private static HttpRequestMessage Get(RemoteServer server, string path) => new(HttpMethod.Get, new Uri(server.Address, path));

    private static async Task<IReadOnlyList<ModelStatus>> ReadStatusesAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        ModelStatusJson.Read(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));

    // The readiest speaks for all: a request goes there.
    private static ModelStatus Merge(IEnumerable<ModelStatus> statuses)
    {
        ModelState[] readiness = [ModelState.Ready, ModelState.Loading, ModelState.Draining, ModelState.Available, ModelState.Failed, ModelState.Unloaded];
        var all = statuses.OrderBy(status => Array.IndexOf(readiness, status.State)).ToList();
        return all[0] with
        {
            Active = all.Any(status => status.Active),
            Card = all.Select(status => status.Card).FirstOrDefault(card => card is not null),
            Signature = all.Select(status => status.Signature).FirstOrDefault(signature => signature is not null),
            QueuedRows = all.Sum(status => status.QueuedRows),
            MemoryBytes = all.Sum(status => status.MemoryBytes),
            LastUsed = all.Max(status => status.LastUsed),
        };
    }

    private Task<InferResponse> InferAsync(
        string name, string? version, IReadOnlyList<Tensor> inputs, IReadOnlyList<RequestedOutput> outputs, ServeOptions said, CancellationToken cancellationToken)
    {
        var call = new RemoteCall<InferResponse>(
            name,
            (server, left) => new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, $"{ModelPath(name, version)}/infer"))
            {
                Content = new TensorContent(new InferRequest(string.Empty, inputs, outputs, BinaryOutput: true, left)),
            },
            async (response, token) =>
            {
                var body = await response.Content.ReadAsByteArrayAsync(token).ConfigureAwait(false);
                int? header = response.Headers.TryGetValues("Inference-Header-Content-Length", out var length) && int.TryParse(length.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
                    ? bytes
                    : null;
                return InferResponseReader.Read(body, header, RemoteAnswer.Timing(response), options.Limits);
            });
        return caller.CallAsync(call, said.Timeout ?? options.Timeout, cancellationToken);
    }

    private async Task<ModelCard> CardAsync(ModelKey key, CancellationToken cancellationToken)
    {
        if (cards.TryGetValue(key, out var known))
        {
            return known;
        }

        var call = new RemoteCall<IReadOnlyList<ModelStatus>>(string.Empty, (server, _) => Get(server, $"{ModelPath(key.Name, key.Version)}/status"), ReadStatusesAsync);
        var statuses = await caller.CallAsync(call, options.Timeout, cancellationToken).ConfigureAwait(false);
        var card = statuses.Select(status => status.Card).FirstOrDefault(each => each is not null)
            ?? throw new ProblemException("server-answer-invalid", $"The inference servers have no card of '{key}'.");
        if (cards.Count >= MostCards)
        {
            cards.Clear();
        }

        return cards.GetOrAdd(key, card);
    }

    private async Task OnAllAsync(string name, string verb, string? version, CancellationToken cancellationToken)
    {
        var call = new RemoteCall<bool>(
            string.Empty,
            (server, _) => new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, $"/v2/repository/models/{Uri.EscapeDataString(name)}/{verb}"))
            {
                Content = version is null ? null : JsonContent.Create(new { parameters = new { version } }),
            },
            (_, _) => Task.FromResult(true));
        var ends = await Task.WhenAll(pool.Servers.Select(server => TryOneAsync(call, server, options.Timeout + options.RunLimit, cancellationToken))).ConfigureAwait(false);
        if (ends.FirstOrDefault(end => end.Problem is not null).Problem is { } failed)
        {
            throw failed;
        }
    }

    private async Task<(T? Value, ProblemException? Problem)> TryOneAsync<T>(RemoteCall<T> call, RemoteServer server, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            return (await caller.CallOneAsync(call, server, timeout, cancellationToken).ConfigureAwait(false), null);
        }
        catch (ProblemException problem)
        {
            return (default, problem);
        }
    }
}
