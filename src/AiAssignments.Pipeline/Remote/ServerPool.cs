namespace AiAssignments.Pipeline.Remote;

/// <summary>Chooses the server of each attempt: the one with the least outstanding among those that are healthy, not left out and not full. Thread-safe.</summary>
internal sealed class ServerPool : IDisposable
{
    private readonly Lock gate = new();
    private readonly RemoteOptions options;
    private readonly TimeProvider time;
    private long turn;

    public ServerPool(RemoteOptions options)
    {
        this.options = options;
        time = options.Time;
        Servers = [.. options.Servers.Select(address => new RemoteServer(address))];
    }

    public IReadOnlyList<RemoteServer> Servers { get; }

    /// <summary>Takes a server for an attempt; <see cref="Release"/> it.</summary>
    /// <param name="model">The model that is asked for.</param>
    /// <param name="tried">Servers not wanted again.</param>
    /// <param name="any">Whether an unhealthy one will do when there is no other: when all look dead, asking is better than refusing.</param>
    public RemoteServer? Take(string model, IReadOnlySet<RemoteServer> tried, bool any)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            var chosen = Choose(server => !tried.Contains(server) && !IsBusy(server, model, now) && server.Healthy && server.EjectedUntil <= now)
                ?? (any ? Choose(server => !tried.Contains(server) && !IsBusy(server, model, now)) : null);
            if (chosen is not null)
            {
                chosen.Outstanding++;
                chosen.LastTaken = ++turn;
            }

            return chosen;
        }
    }

    /// <summary>How long until the first full server may be asked again; <c>null</c> when none is full.</summary>
    public TimeSpan? FreeIn(string model)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            var busy = Servers.Where(server => IsBusy(server, model, now)).Select(server => server.BusyUntil[model] - now).ToList();
            return busy.Count == 0 ? null : busy.Min();
        }
    }

    /// <summary>Takes a certain server for an attempt; <see cref="Release"/> it.</summary>
    public void Taken(RemoteServer server)
    {
        lock (gate)
        {
            server.Outstanding++;
        }
    }

    public void Release(RemoteServer server)
    {
        lock (gate)
        {
            server.Outstanding--;
        }
    }

    /// <summary>It answered, whatever it said.</summary>
    public void Answered(RemoteServer server)
    {
        lock (gate)
        {
            server.Failures = 0;
            server.Ejections = 0;
            server.EjectedUntil = default;
        }
    }

    /// <summary>Its queue for a model is full.</summary>
    public void Full(RemoteServer server, string model, TimeSpan retryAfter)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            foreach (var over in server.BusyUntil.Where(each => each.Value <= now).Select(each => each.Key).ToList())
            {
                server.BusyUntil.Remove(over);
            }

            server.BusyUntil[model] = now + retryAfter;
        }
    }

    /// <summary>It could not be reached, or broke off.</summary>
    public void Broken(RemoteServer server)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (++server.Failures < options.EjectAfter || server.EjectedUntil > now)
            {
                return;
            }

            var factor = Math.Pow(2, Math.Min(server.Ejections++, 30));
            var span = TimeSpan.FromTicks((long)Math.Min(options.EjectFor.Ticks * factor, options.EjectAtMost.Ticks));
            server.EjectedUntil = now + span;
        }
    }

    /// <summary>What a health check found.</summary>
    /// <param name="server">The server.</param>
    /// <param name="ready">Its answer; <c>null</c> for none.</param>
    public void Checked(RemoteServer server, bool? ready)
    {
        CancellationTokenSource? ended = null;
        lock (gate)
        {
            if (ready is { } answer)
            {
                server.Unanswered = 0;
                if (answer && !server.Healthy)
                {
                    // It is back: what kept it out is over.
                    server.Failures = 0;
                    server.EjectedUntil = default;
                }

                server.Healthy = answer;
            }
            else if (++server.Unanswered % options.HealthFailures == 0)
            {
                server.Healthy = false;
                ended = server.Renew();
            }
        }

        // Not disposed: an attempt that begins just now may still be taking its token.
        ended?.Cancel();
    }

    /// <summary>The servers that are worth asking how they are: those that are up as far as is known, or all when none is.</summary>
    public IReadOnlyList<RemoteServer> Reachable()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            var up = Servers.Where(server => server.Healthy && server.EjectedUntil <= now).ToList();
            return up.Count > 0 ? up : Servers;
        }
    }

    public void Dispose()
    {
        foreach (var server in Servers)
        {
            server.Dispose();
        }
    }

    private static bool IsBusy(RemoteServer server, string model, DateTimeOffset now) => server.BusyUntil.TryGetValue(model, out var until) && until > now;

    // Equals take turns, or the first in the list would get all the light load.
    private RemoteServer? Choose(Func<RemoteServer, bool> fits) =>
        Servers.Where(fits).MinBy(server => (server.Outstanding, server.LastTaken));
}
