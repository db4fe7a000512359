namespace AiAssignments.Pipeline.Remote;

/// <summary>Asks each server every so often whether it is ready.</summary>
internal sealed class HealthWatch(ServerPool pool, HttpClient http, RemoteOptions options) : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private Task watching = Task.CompletedTask;

    public void Start()
    {
        if (options.HealthInterval != Timeout.InfiniteTimeSpan)
        {
            watching = Task.WhenAll(pool.Servers.Select(server => Task.Run(() => WatchAsync(server))));
        }
    }

    /// <summary>Asks one server once.</summary>
    public async Task CheckAsync(RemoteServer server)
    {
        using var limit = new CancellationTokenSource(options.HealthTimeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, "/v2/health/ready"));
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            pool.Checked(server, response.IsSuccessStatusCode);
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException or OperationCanceledException)
        {
            if (!stopping.IsCancellationRequested)
            {
                pool.Checked(server, null);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private async Task WatchAsync(RemoteServer server)
    {
        while (!stopping.IsCancellationRequested)
        {
            await CheckAsync(server).ConfigureAwait(false);
            await Task.Delay(options.HealthInterval, options.Time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
