using AiAssignments.Core.Errors;
using AiAssignments.Inference.Serving.Batching;
using AiAssignments.Inference.Serving.Graphs;

namespace AiAssignments.Inference.Serving.Versions;

/// <summary>Which versions answer: finds the one that a name stands for, swaps it under traffic, and tells how all of them are.</summary>
internal sealed class VersionTable
{
    private readonly IModelSource source;
    private readonly ModelServerOptions options;
    private readonly LoadedVersions versions;
    private readonly ContentRenewal renewal;
    private readonly HashSet<string> unloaded = new(StringComparer.Ordinal);
    private readonly ActiveNames active;

    public VersionTable(IModelSource source, IGraphLoader loader, ModelServerOptions options, long budget, LaneDispatcher lanes)
    {
        (this.source, this.options) = (source, options);
        active = new(options.Time, options.ActiveRefresh);
        versions = new(source, loader, options, budget, lanes) { IsActive = active.IsActive };
        renewal = new(source, versions);
    }

    private Lock Gate => versions.Gate;

    /// <summary>Finds a version, loads it if need be, and holds it.</summary>
    /// <exception cref="ProblemException"><c>model-not-found</c>, <c>model-unloaded</c>, <c>model-draining</c>, <c>queue-full</c>, <c>deadline-exceeded</c>, or why it cannot be loaded.</exception>
    public async Task<ModelLease> RentAsync(string name, string? version, Deadline deadline, CancellationToken cancellationToken)
    {
        while (true)
        {
            var key = version is null ? await ActiveAsync(name, cancellationToken).ConfigureAwait(false) : new ModelKey(name, version);
            VersionSlot slot;
            Task wait;
            lock (Gate)
            {
                if (unloaded.Contains(name))
                {
                    throw TableProblems.Unloaded($"'{name}'");
                }

                slot = versions.SlotOf(key);
                if (slot is { State: ModelState.Ready, Model: { } model })
                {
                    slot.Users++;
                    slot.LastUsed = options.Time.GetUtcNow();
                    return new(versions, slot, model);
                }

                wait = versions.Wanted(slot, force: false);
                LoadedVersions.Await(slot);
            }

            try
            {
                await deadline.WaitAsync(wait, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                lock (Gate)
                {
                    slot.Waiting--;
                }
            }
        }
    }

    /// <summary>Loads a version; when it is the active one, traffic of its name goes to it from then on and the one before drains.</summary>
    public async Task LoadAsync(string name, string? version, CancellationToken cancellationToken)
    {
        var current = await source.ActiveAsync(name, cancellationToken).ConfigureAwait(false);
        var key = version is null ? current ?? throw TableProblems.NotFound(name, null) : new ModelKey(name, version);
        await renewal.LoadAsync(key, cancellationToken).ConfigureAwait(false);
        lock (Gate)
        {
            unloaded.Remove(name);
            if (version is null)
            {
                versions.Restore(name);
            }

            if (current == key)
            {
                Switch(key);
            }
        }
    }

    /// <summary>Drains and unloads versions, which then answer only after a load; those that the source has no more are forgotten.</summary>
    public async Task UnloadAsync(string name, string? version, CancellationToken cancellationToken)
    {
        var known = (await source.ListAsync(cancellationToken).ConfigureAwait(false)).Where(key => key.Name == name && (version is null || key.Version == version)).ToHashSet();
        var waits = new List<Task>();
        List<ModelKey> gone;
        lock (Gate)
        {
            var held = versions.All.Where(slot => slot.Key.Name == name && (version is null || slot.Key.Version == version)).ToList();
            if (known.Count == 0 && held.Count == 0)
            {
                throw TableProblems.NotFound(name, version);
            }

            if (version is null && known.Count > 0)
            {
                unloaded.Add(name);
            }

            foreach (var slot in held.Union(known.Select(versions.SlotOf)))
            {
                slot.UnloadedWithName = version is null && (slot.UnloadedWithName || !slot.IsUnloaded);
                waits.Add(versions.Unload(slot));
            }

            gone = [.. held.Select(slot => slot.Key).Where(key => !known.Contains(key))];
            if (gone.Exists(active.IsActive))
            {
                active.Set(name, null);
            }
        }

        await Task.WhenAll(waits).WaitAsync(cancellationToken).ConfigureAwait(false);
        lock (Gate)
        {
            gone.ForEach(versions.Drop);
        }
    }

    /// <summary>Unloads what nobody used for a while, and has the rest give free memory back.</summary>
    public async Task<IReadOnlyList<ModelKey>> TrimAsync(CancellationToken cancellationToken)
    {
        var gone = new List<ModelKey>();
        var waits = new List<Task>();
        var held = new List<(VersionSlot Slot, ServedModel Model)>();
        lock (Gate)
        {
            foreach (var slot in versions.All.Where(slot => slot.State == ModelState.Ready))
            {
                if (slot.Users == 0 && options.Time.GetUtcNow() - slot.LastUsed >= options.TrimIdleAfter)
                {
                    gone.Add(slot.Key);
                    waits.Add(versions.Retire(slot, ModelState.Available));
                }
                else
                {
                    slot.Users++;
                    held.Add((slot, slot.Model!));
                }
            }
        }

        try
        {
            held.ForEach(each => each.Model.Shrink());
        }
        finally
        {
            held.ForEach(each => versions.Return(each.Slot, used: false));
        }

        await Task.WhenAll(waits).WaitAsync(cancellationToken).ConfigureAwait(false);
        return gone;
    }

    /// <summary>The status of all versions there are, and of those that are still in memory.</summary>
    public async Task<IReadOnlyList<ModelStatus>> ListAsync(CancellationToken cancellationToken)
    {
        var keys = (await source.ListAsync(cancellationToken).ConfigureAwait(false)).ToHashSet();
        var current = new HashSet<ModelKey>();
        foreach (var name in keys.Select(key => key.Name).Distinct(StringComparer.Ordinal))
        {
            if (await FindActiveAsync(name, cancellationToken).ConfigureAwait(false) is { } key)
            {
                current.Add(key);
            }
        }

        lock (Gate)
        {
            foreach (var gone in versions.All.Select(slot => slot.Key).Where(key => !keys.Contains(key)).ToList())
            {
                versions.Drop(gone);
            }

            return [.. keys.Union(versions.All.Select(slot => slot.Key)).Select(key => StatusOf(key, current.Contains(key)))];
        }
    }

    /// <summary>One version's status, or <c>null</c>.</summary>
    public async Task<ModelStatus?> FindAsync(string name, string? version, CancellationToken cancellationToken)
    {
        var current = await FindActiveAsync(name, cancellationToken).ConfigureAwait(false);
        if ((version is null ? current : new ModelKey(name, version)) is not { } key)
        {
            return null;
        }

        lock (Gate)
        {
            if (versions.Find(key) is not null)
            {
                return StatusOf(key, key == current);
            }
        }

        if (key != current && !(await source.ListAsync(cancellationToken).ConfigureAwait(false)).Contains(key))
        {
            return null;
        }

        lock (Gate)
        {
            return StatusOf(key, key == current);
        }
    }

    /// <summary>Takes nothing more, and ends when all that is under way has ended.</summary>
    public Task CloseAsync() => versions.CloseAsync();

    private async Task<ModelKey> ActiveAsync(string name, CancellationToken cancellationToken)
    {
        if (Known(name) is { } known)
        {
            return known;
        }

        var found = await source.ActiveAsync(name, cancellationToken).ConfigureAwait(false) ?? throw TableProblems.NotFound(name, null);
        lock (Gate)
        {
            if (active.Find(name) is { } meanwhile)
            {
                return meanwhile;
            }

            active.Set(name, found);
            return found;
        }
    }

    private async Task<ModelKey?> FindActiveAsync(string name, CancellationToken cancellationToken) =>
        Known(name) ?? await source.ActiveAsync(name, cancellationToken).ConfigureAwait(false);

    // What was last heard; asked again beside the traffic when that is a while ago.
    private ModelKey? Known(string name)
    {
        lock (Gate)
        {
            if (active.Find(name) is not { } known)
            {
                return null;
            }

            if (active.TryAsk(name))
            {
                _ = Task.Run(() => AskAgainAsync(name), CancellationToken.None);
            }

            return known;
        }
    }

    // Beside the traffic, which goes on with what is known.
    private async Task AskAgainAsync(string name)
    {
        try
        {
            var found = await source.ActiveAsync(name, CancellationToken.None).ConfigureAwait(false);
            bool serves;
            lock (Gate)
            {
                serves = active.Find(name) is { } old && old != found && versions.Find(old)?.State == ModelState.Ready;
            }

            if (found is { } key && serves)
            {
                await versions.EnsureAsync(key, force: false, CancellationToken.None).ConfigureAwait(false);
            }

            lock (Gate)
            {
                if (found is { } next)
                {
                    Switch(next);
                }
                else
                {
                    Forget(name);
                }
            }
        }
#pragma warning disable CA1031 // What serves goes on serving; the next asking may succeed, and a failed load stands in the status.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
        finally
        {
            lock (Gate)
            {
                active.Asked(name);
            }
        }
    }

    private void Switch(ModelKey key)
    {
        var old = active.Find(key.Name);
        active.Set(key.Name, key);
        if (old is { } before && before != key && versions.Find(before) is { State: ModelState.Ready } slot)
        {
            _ = versions.Retire(slot, ModelState.Available);
        }
    }

    private void Forget(string name)
    {
        active.Set(name, null);
        foreach (var slot in versions.All.Where(slot => slot.Key.Name == name && slot.State == ModelState.Ready))
        {
            _ = versions.Retire(slot, ModelState.Available);
        }
    }

    private ModelStatus StatusOf(ModelKey key, bool isActive)
    {
        var slot = versions.Find(key);
        var state = slot?.State ?? ModelState.Available;
        if (state is ModelState.Available or ModelState.Failed && unloaded.Contains(key.Name))
        {
            state = ModelState.Unloaded;
        }

        return new(
            key, state, isActive, slot?.Package?.Card, slot?.Package?.Signature, slot?.Problem, slot?.Model?.Queue.Length ?? 0, slot?.Bytes ?? 0, slot?.Model?.Provider, slot?.LastUsed)
        {
            ContentHash = slot?.Package?.ContentHash,
            Batches = slot?.Batches.Read() ?? [],
        };
    }
}
