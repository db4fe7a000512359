using System.Collections.Concurrent;
using System.Net.WebSockets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Jobs;
using AiAssignments.Core.Telemetry;

namespace AiAssignments.Embedded.Live;

/// <summary>
/// Takes progress to WebSocket clients of this process, which speak <c>json.webpubsub.azure.v1</c> (Azure Web PubSub's JSON subprotocol) and join the groups of <see cref="ProgressGroups"/>.
/// Who joins gets the last states first. Publishing never waits: a message is written once and its bytes are shared; a client that does not read is dropped.
/// The reliable subprotocol is not offered: whoever reconnects is told the last state, and progress needs no more.
/// </summary>
public sealed class ProgressHub : IProgressPublisher, IProgressSockets, IConnectionNegotiator, IAsyncDisposable
{
    private static readonly TimeSpan PaceCheck = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(6);
    private static readonly KeyValuePair<string, object?> Kind = new("kind", "websocket");

    private readonly ProgressHubOptions options;
    private readonly TimeProvider time;
    private readonly ConnectionTokens tokens;
    private readonly HubDispatcher dispatcher = new();
    private readonly HubGroups groups;
    private readonly ConcurrentDictionary<string, SocketClient> clients = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> users = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LiveJob> jobs = new(StringComparer.Ordinal);
    private readonly Queue<(LiveJob Job, int Ends)> ended = new();
    private readonly CancellationTokenSource closing = new();
    private readonly ITimer pace;
    private int count;
    private uint served;
    private int inMetrics;
    private long nextSweep;

    /// <summary>Makes a hub that nobody is connected to.</summary>
    /// <param name="options">Limits.</param>
    /// <param name="time">The clock; the system's when <c>null</c>.</param>
    /// <exception cref="ProblemException"><c>option-out-of-range</c>.</exception>
    public ProgressHub(ProgressHubOptions? options = null, TimeProvider? time = null)
    {
        this.options = options ?? new ProgressHubOptions();
        this.options.Check();
        this.time = time ?? TimeProvider.System;
        tokens = new ConnectionTokens(this.time, this.options.TokenLifetime);
        groups = new HubGroups(this.options.MaxGroups);
        pace = this.time.CreateTimer(static hub => ((ProgressHub)hub!).CheckPace(), this, PaceCheck, PaceCheck);
    }

    /// <summary>Asked for the last state of jobs that the hub does not remember; <c>null</c>: such jobs have none. To be set before clients come.</summary>
    public IProgressSource? Source { get; set; }

    /// <inheritdoc />
    public string Protocol => "json.webpubsub.azure.v1";

    /// <inheritdoc />
    public TimeSpan KeepAlive => options.KeepAlive;

    /// <summary>Open sockets.</summary>
    public int Clients => Volatile.Read(ref count);

    /// <summary>Whether anybody is in <see cref="ProgressGroups.Metrics"/>.</summary>
    public bool MetricsWatched => Volatile.Read(ref inMetrics) > 0;

    /// <inheritdoc />
    public void Publish(JobProgress progress)
    {
        var job = jobs.GetOrAdd(
            progress.JobId,
            static (id, hub) => new LiveJob(id, TimeSpan.FromSeconds(1.0 / hub.options.MessagesPerSecond), hub.time, changed => hub.dispatcher.Post(() => hub.Send(changed))),
            this);
        job.Offer(progress);
    }

    /// <summary>Sends a metrics tick to all who are in <see cref="ProgressGroups.Metrics"/>.</summary>
    /// <param name="data">JSON of the tick.</param>
    public void PublishMetrics(ReadOnlyMemory<byte> data) => dispatcher.Post(() => SendTo(ProgressGroups.Metrics, ProgressGroups.Metrics, data.Span));

    /// <inheritdoc />
    public Task<NegotiatedConnection> NegotiateAsync(Uri origin, string? user, CancellationToken cancellationToken)
    {
        var (token, expires) = tokens.Issue(user, GroupRights.Watcher);
        var url = new UriBuilder(origin)
        {
            Scheme = origin.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs,
            Port = origin.IsDefaultPort ? -1 : origin.Port,
            Path = "/client",
            Query = $"access_token={token}",
        };
        return Task.FromResult(new NegotiatedConnection(url.Uri, Protocol, expires));
    }

    /// <inheritdoc />
    public SocketTicket Admit(string? token)
    {
        var ticket = tokens.Check(token);
        if (Clients >= options.MaxClients)
        {
            throw new ProblemException("progress-unavailable", $"All {options.MaxClients} places for progress sockets are taken; the status routes say the same.") { RetryAfter = TimeSpan.FromSeconds(5) };
        }

        return ticket.User is { } user && users.GetValueOrDefault(user) >= options.MaxClientsPerUser
            ? throw new ProblemException("rate-limited", $"This credential holds {options.MaxClientsPerUser} progress sockets, and no more are given to one; the status routes say the same.") { RetryAfter = TimeSpan.FromSeconds(5) }
            : ticket;
    }

    /// <inheritdoc />
    public async Task ServeAsync(WebSocket socket, SocketTicket ticket, CancellationToken stopping)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping, closing.Token);
        var client = new SocketClient(socket, Guid.NewGuid().ToString("N"), options, time);
        clients[client.Id] = client;
        Interlocked.Increment(ref count);
        var user = ticket.User ?? string.Empty;
        users.AddOrUpdate(user, 1, static (_, open) => open + 1);
        Instruments.ActiveConnections.Add(1, Kind);
        try
        {
            await new ClientSession(socket, client, ticket, this, options, time).RunAsync(AgeOf(Interlocked.Increment(ref served)), stop.Token).ConfigureAwait(false);
        }
        finally
        {
            Instruments.ActiveConnections.Add(-1, Kind);
            Interlocked.Decrement(ref count);
            if (users.AddOrUpdate(user, 0, static (_, open) => open - 1) == 0)
            {
                users.TryRemove(KeyValuePair.Create(user, 0));
            }

            clients.TryRemove(client.Id, out _);
            await dispatcher.AskAsync(() => LeaveAll(client)).ConfigureAwait(false);
        }
    }

    /// <summary>Tells every client that the server stops, closes the sockets, and forgets everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync().ConfigureAwait(false);
        for (var waited = 0; Clients > 0 && waited < 100; waited++)
        {
            await Task.Delay(20).ConfigureAwait(false);
        }

        foreach (var client in clients.Values)
        {
            client.Abort();
        }

        await pace.DisposeAsync().ConfigureAwait(false);
        await dispatcher.DisposeAsync().ConfigureAwait(false);
        foreach (var job in jobs.Values)
        {
            job.Dispose();
        }

        closing.Dispose();
    }

    internal async Task<bool> JoinAsync(SocketClient client, string group, ulong? ackId, CancellationToken cancellationToken)
    {
        var joined = await dispatcher.AskAsync(() => Join(client, group, ackId)).ConfigureAwait(false);
        if (joined == Joined.Unknown && Source is { } source && await FindAsync(source, group, cancellationToken).ConfigureAwait(false) is { } known)
        {
            dispatcher.Post(() => Recall(client, group, known));
        }

        return joined != Joined.Refused;
    }

    internal async Task LeaveAsync(SocketClient client, string group, ulong? ackId) => await dispatcher.AskAsync(() =>
    {
        groups.Leave(client, group);
        CountMetrics();
        Acknowledge(client, ackId);
        return true;
    }).ConfigureAwait(false);

    // Steps of the golden ratio fall far apart however many there are.
    private TimeSpan AgeOf(uint number) => options.MaxAge * (1 - (0.1 * (number * 0.6180339887498949 % 1)));

    private Joined Join(SocketClient client, string group, ulong? ackId)
    {
        if (!groups.Join(client, group))
        {
            return Joined.Refused;
        }

        CountMetrics();
        Acknowledge(client, ackId);
        if (group == ProgressGroups.Jobs)
        {
            // The newest, as many as leave room in the queue; oldest first, as they would have come.
            foreach (var known in jobs.Values.Select(job => job.Latest).OfType<KnownProgress>().OrderByDescending(known => known.At).Take(options.QueueCapacity / 2).Reverse())
            {
                SendTo(client, group, known);
            }

            return Joined.Known;
        }

        if (!group.StartsWith(ProgressGroups.Job(string.Empty), StringComparison.Ordinal))
        {
            return Joined.Known;
        }

        if (!jobs.TryGetValue(JobOf(group), out var job) || job.Latest is not { } latest)
        {
            return Joined.Unknown;
        }

        SendTo(client, group, latest);
        return Joined.Known;
    }

    // The source is told what was journaled: by now the job may have been told about, and that is newer.
    private void Recall(SocketClient client, string group, KnownProgress known)
    {
        if (client.Groups.Contains(group) && !jobs.ContainsKey(known.Progress.JobId))
        {
            SendTo(client, group, known);
        }
    }

    private void Send(LiveJob job)
    {
        var known = job.Take();
        var own = ProgressGroups.Job(job.Id);
        if (groups.Of(own).Count > 0 || groups.Of(ProgressGroups.Jobs).Count > 0)
        {
            var data = ServerMessages.Progress(known).Span;
            SendTo(own, own, data);
            SendTo(ProgressGroups.Jobs, $"{ProgressGroups.Jobs}/{job.Id}", data);
        }

        if (JobStages.IsEnd(known.Progress.Stage))
        {
            ended.Enqueue((job, ++job.Ends));
            while (ended.Count > options.EndedJobs)
            {
                var (old, ends) = ended.Dequeue();
                if (old.Ends == ends && old.Latest is { } last && JobStages.IsEnd(last.Progress.Stage))
                {
                    Forget(old);
                }
            }
        }
    }

    private void SendTo(string group, string key, ReadOnlySpan<byte> data)
    {
        var members = groups.Of(group);
        if (members.Count == 0)
        {
            return;
        }

        var message = new OutgoingMessage(ServerMessages.FromGroup(group, data), key);
        for (var member = 0; member < members.Count; member++)
        {
            members[member].Send(message);
        }
    }

    private static void SendTo(SocketClient client, string group, KnownProgress known)
    {
        var key = group == ProgressGroups.Jobs ? $"{group}/{known.Progress.JobId}" : group;
        client.Send(new OutgoingMessage(ServerMessages.FromGroup(group, ServerMessages.Progress(known).Span), key));
    }

    private static void Acknowledge(SocketClient client, ulong? ackId)
    {
        if (ackId is { } id)
        {
            client.Send(new OutgoingMessage(ServerMessages.Ack(id)));
        }
    }

    private static async Task<KnownProgress?> FindAsync(IProgressSource source, string group, CancellationToken cancellationToken)
    {
        try
        {
            return await source.FindAsync(JobOf(group), cancellationToken).ConfigureAwait(false);
        }
        catch (ProblemException)
        {
            // The store is not there just now: the socket goes on, and the status route says why.
            return null;
        }
    }

    private static string JobOf(string group) => group[ProgressGroups.Job(string.Empty).Length..];

    private bool LeaveAll(SocketClient client)
    {
        groups.LeaveAll(client);
        CountMetrics();
        return true;
    }

    private void CountMetrics() => Volatile.Write(ref inMetrics, groups.Of(ProgressGroups.Metrics).Count);

    private void CheckPace()
    {
        foreach (var client in clients.Values)
        {
            client.CheckPace();
        }

        // Jobs that nobody ever ends, for example of a stopped engine.
        var now = time.GetUtcNow();
        if (now.UtcTicks > Interlocked.Read(ref nextSweep))
        {
            Interlocked.Exchange(ref nextSweep, (now + TimeSpan.FromMinutes(10)).UtcTicks);
            dispatcher.Post(() =>
            {
                foreach (var job in jobs.Values.Where(job => job.Latest is { } latest && now - latest.At > Forgotten && !JobStages.IsEnd(latest.Progress.Stage)).ToList())
                {
                    Forget(job);
                }
            });
        }
    }

    private void Forget(LiveJob job)
    {
        jobs.TryRemove(KeyValuePair.Create(job.Id, job));
        job.Dispose();
    }

    private enum Joined
    {
        Refused,
        Known,
        Unknown,
    }
}
