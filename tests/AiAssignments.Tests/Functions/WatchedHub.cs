using System.Text.Json;
using AiAssignments.Azure.Durable;

namespace AiAssignments.Tests.Functions;

/// <summary>
/// A task hub that notes which functions reach it without its client: in the Functions app the client comes with a function's own binding, and where none has brought it yet, on a fresh
/// instance, there is no hub to be reached.
/// </summary>
internal sealed class WatchedHub(IDurableClient hub) : IDurableClient
{
    private static readonly AsyncLocal<HttpFunction?> Running = new();
    private readonly SortedSet<string> strays = new(StringComparer.Ordinal);

    /// <summary>Names of functions that reached the hub without its client.</summary>
    public IReadOnlyList<string> Strays
    {
        get
        {
            lock (strays)
            {
                return [.. strays];
            }
        }
    }

    /// <summary>From here on, in this request, a function runs.</summary>
    public static void Enter(HttpFunction function) => Running.Value = function;

    public Task<bool> ScheduleAsync(string name, JsonElement input, string instanceId, CancellationToken cancellationToken) => Reached().ScheduleAsync(name, input, instanceId, cancellationToken);

    public Task<DurableInstance?> FindAsync(string instanceId, CancellationToken cancellationToken) => Reached().FindAsync(instanceId, cancellationToken);

    public IAsyncEnumerable<DurableInstance> QueryAsync(DurableQuery query, CancellationToken cancellationToken) => Reached().QueryAsync(query, cancellationToken);

    public Task<DurableInstance?> WaitForCompletionAsync(string instanceId, CancellationToken cancellationToken) => Reached().WaitForCompletionAsync(instanceId, cancellationToken);

    public Task TerminateAsync(string instanceId, string reason, CancellationToken cancellationToken) => Reached().TerminateAsync(instanceId, reason, cancellationToken);

    public Task PurgeAsync(string instanceId, CancellationToken cancellationToken) => Reached().PurgeAsync(instanceId, cancellationToken);

    public Task RaiseEventAsync(string instanceId, string name, JsonElement payload, CancellationToken cancellationToken) => Reached().RaiseEventAsync(instanceId, name, payload, cancellationToken);

    private IDurableClient Reached()
    {
        if (Running.Value is { } function && !function.Text.Contains("[DurableClient]", StringComparison.Ordinal))
        {
            lock (strays)
            {
                strays.Add(function.Name);
            }
        }

        return hub;
    }
}
