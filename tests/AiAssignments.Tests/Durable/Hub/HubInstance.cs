using System.Text.Json;
using AiAssignments.Azure.Durable;

namespace AiAssignments.Tests.Durable.Hub;

/// <summary>An instance with its history.</summary>
internal sealed class HubInstance(string id, string name, JsonElement input, DateTime created, string? parent, int parentTask)
{
    public string Id => id;

    public string Name => name;

    public JsonElement Input { get; set; } = input;

    public DateTime Created { get; } = created;

    public string? Parent => parent;

    public int ParentTask => parentTask;

    public List<HubEvent> History { get; } = [];

    public DurableStatus Status { get; set; } = DurableStatus.Pending;

    public string? CustomStatus { get; set; }

    public string? Output { get; set; }

    public string? Failure { get; set; }

    public DateTime Updated { get; set; } = created;

    /// <summary>Most events and bytes that a history of this instance had.</summary>
    public int Events => History.Count;

    public int Bytes => History.Sum(one => one.Bytes);

    public TaskCompletionSource Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DurableInstance Facts() => new(id, name, Status, Created, Updated, Input.GetRawText(), CustomStatus, Output, Failure);
}
