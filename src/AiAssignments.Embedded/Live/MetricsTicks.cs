using System.Text.Json;
using AiAssignments.Pipeline.Operations;

namespace AiAssignments.Embedded.Live;

/// <summary>Sends a metrics tick a second, while somebody watches.</summary>
public sealed class MetricsTicks : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;

    /// <summary>Begins.</summary>
    /// <param name="hub">Where they go.</param>
    /// <param name="monitor">Where the figures are from.</param>
    /// <param name="time">The clock; the system's when <c>null</c>.</param>
    public MetricsTicks(ProgressHub hub, OperationsMonitor monitor, TimeProvider? time = null) =>
        running = RunAsync(hub, monitor, time ?? TimeProvider.System, stopping.Token);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
        stopping.Dispose();
    }

    private static async Task RunAsync(ProgressHub hub, OperationsMonitor monitor, TimeProvider time, CancellationToken cancellationToken)
    {
        using var seconds = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            while (await seconds.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            {
                if (hub.MetricsWatched)
                {
                    hub.PublishMetrics(JsonSerializer.SerializeToUtf8Bytes(monitor.Tick(), OperationsMonitor.Json));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }
}
