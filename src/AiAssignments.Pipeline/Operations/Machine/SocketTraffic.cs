using System.Diagnostics.Tracing;

namespace AiAssignments.Pipeline.Operations.Machine;

/// <summary>
/// Bytes through the sockets of this process, as the runtime counts them (the counters <c>bytes-received</c> and <c>bytes-sent</c> of the event source <c>System.Net.Sockets</c>);
/// the kernel counts them by network namespace only. From when this is made on, what stays on the machine included, told once a second.
/// </summary>
internal sealed class SocketTraffic : EventListener
{
    private const string Source = "System.Net.Sockets";
    private const string Interval = "EventCounterIntervalSec";

    private static readonly bool Counted = !AppContext.TryGetSwitch("System.Diagnostics.Tracing.EventSource.IsSupported", out var supported) || supported;

    private long received;
    private long sent;

    /// <summary>Bytes received; <c>null</c> where event sources are switched off.</summary>
    public long? Received => Counted ? Interlocked.Read(ref received) : null;

    /// <summary>Bytes sent, likewise.</summary>
    public long? Sent => Counted ? Interlocked.Read(ref sent) : null;

    // Called by the base's constructor too, before this one's fields are there.
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Source)
        {
            // The counters, and none of the events about each connection.
            EnableEvents(eventSource, EventLevel.Critical, EventKeywords.All, new Dictionary<string, string?> { [Interval] = "1" });
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName != "EventCounters" || eventData.Payload is not [IDictionary<string, object?> counter, ..]
            || counter.TryGetValue("Name", out var name) is false || counter.TryGetValue("Mean", out var mean) is false || mean is not double bytes)
        {
            return;
        }

        switch (name)
        {
            case "bytes-received":
                Interlocked.Exchange(ref received, (long)bytes);
                break;
            case "bytes-sent":
                Interlocked.Exchange(ref sent, (long)bytes);
                break;
        }
    }
}
