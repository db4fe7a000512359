using System.Text;

namespace AiAssignments.Tests.Durable.Hub;

internal enum HubEventKind
{
    OrchestratorStarted,
    OrchestratorCompleted,
    ExecutionStarted,
    ExecutionCompleted,
    TaskScheduled,
    TaskCompleted,
    TaskFailed,
    ChildCreated,
    ChildCompleted,
    ChildFailed,
    TimerCreated,
    TimerFired,
    EventRaised,
}

/// <summary>One event of a history, as Durable Functions keeps them.</summary>
internal sealed record HubEvent(HubEventKind Kind, DateTime At, int Id = -1, string? Name = null, string? Payload = null)
{
    public int Bytes => 40 + Encoding.UTF8.GetByteCount(Name ?? string.Empty) + Encoding.UTF8.GetByteCount(Payload ?? string.Empty);
}
