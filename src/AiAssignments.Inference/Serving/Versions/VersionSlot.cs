using AiAssignments.Core.Errors;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Serving.Batching;

namespace AiAssignments.Inference.Serving.Versions;

/// <summary>One version's place in the table; all of it under the table's lock.</summary>
internal sealed class VersionSlot(ModelKey key)
{
    public ModelKey Key => key;

    public ModelState State { get; set; } = ModelState.Available;

    /// <summary>Set while <see cref="ModelState.Ready"/> or <see cref="ModelState.Draining"/>.</summary>
    public ServedModel? Model { get; set; }

    /// <summary>What was opened last, kept for its facts.</summary>
    public ModelPackage? Package { get; set; }

    /// <summary>The load under way.</summary>
    public Task? Loading { get; set; }

    /// <summary>Ends when a draining version is out of memory.</summary>
    public TaskCompletionSource? Gone { get; set; }

    /// <summary>What a draining version becomes.</summary>
    public ModelState After { get; set; }

    /// <summary>Why the last load failed.</summary>
    public Problem? Problem { get; set; }

    /// <summary>When it failed, as a timestamp.</summary>
    public long FailedAt { get; set; }

    /// <summary>Requests under way.</summary>
    public int Users { get; set; }

    /// <summary>Requests that wait for it to be loaded.</summary>
    public int Waiting { get; set; }

    /// <summary>An unload was asked for while it is being loaded, and no load since.</summary>
    public bool UnloadWhenLoaded { get; set; }

    /// <summary>It was unloaded with all versions of its name, and answers again with them.</summary>
    public bool UnloadedWithName { get; set; }

    /// <summary>Whether it answers only after a load, or will when it is drained.</summary>
    public bool IsUnloaded => State == ModelState.Unloaded || (State == ModelState.Draining && After == ModelState.Unloaded);

    /// <summary>What it ran; goes on when it is loaded again.</summary>
    public BatchCounts Batches { get; init; } = new();

    /// <summary>Memory counted for it, bytes.</summary>
    public long Bytes { get; set; }

    public DateTimeOffset? LastUsed { get; set; }
}
