using AiAssignments.Core.Errors;
using AiAssignments.Inference.Serving.Batching;
using AiAssignments.Inference.Serving.Graphs;

namespace AiAssignments.Inference.Serving.Versions;

/// <summary>What is loaded: loads once for all who ask, swaps versions under traffic, drains, and keeps within the memory budget.</summary>
internal sealed class VersionTable(IModelSource source, IGraphLoader loader, ModelServerOptions options, long budget, LaneDispatcher lanes)
{
    private readonly Lock gate = new();
    private readonly Dictionary<ModelKey, VersionSlot> slots = [];
    private readonly HashSet<string> unloaded = new(StringComparer.Ordinal);
    private readonly ActiveNames active = new(options.Time, options.ActiveRefresh);
    private bool closed;

    /// <summary>Finds a version, loads it if need be, and holds it.</summary>
    /// <exception cref="ProblemException"><c>model-not-found</c>, <c>model-unloaded</c>, <c>model-draining</c>, <c>deadline-exceeded</c>, or why it cannot be loaded.</exception>
    public async Task<ModelLease> RentAsync(string name, string? version, Deadline deadline, CancellationToken cancellationToken)
    {
        while (true)
        {
            var key = version is null ? await ActiveAsync(name, cancellationToken).ConfigureAwait(false) : new ModelKey(name, version);
            Task wait;
            lock (gate)
            {
                var slot = SlotOf(key);
                if (slot is { State: ModelState.Ready, Model: { } model } && !unloaded.Contains(name))
                {
                    slot.Users++;
                    slot.LastUsed = options.Time.GetUtcNow();
                    return new(this, slot, model);
                }

                wait = Wanted(slot, force: false);
            }

            await deadline.WaitAsync(wait, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends a request's hold.</summary>
    public void Return(VersionSlot slot)
    {
        lock (gate)
        {
            slot.Users--;
            slot.LastUsed = options.Time.GetUtcNow();
            CloseIfDrained(slot);
        }
    }

    /// <summary>Loads a version; when it is the active one, traffic of its name goes to it from then on and the one before drains.</summary>
    public async Task LoadAsync(string name, string? version, CancellationToken cancellationToken)
    {
        var current = await source.ActiveAsync(name, cancellationToken).ConfigureAwait(false);
        var key = version is null ? current ?? throw TableProblems.NotFound(name, null) : new ModelKey(name, version);
        await EnsureAsync(key, force: true, cancellationToken).ConfigureAwait(false);
        lock (gate)
        {
            unloaded.Remove(name);
            if (current == key)
            {
                Switch(key);
            }
        }
    }

    /// <summary>Drains and unloads versions, which then answer only after a load.</summary>
    public async Task UnloadAsync(string name, string? version, CancellationToken cancellationToken)
    {
        var known = (await source.ListAsync(cancellationToken).ConfigureAwait(false)).Where(key => key.Name == name && (version is null || key.Version == version)).ToList();
        var waits = new List<Task>();
        lock (gate)
        {
            var held = slots.Values.Where(slot => slot.Key.Name == name && (version is null || slot.Key.Version == version)).ToList();
            if (known.Count == 0 && held.Count == 0)
            {
                throw TableProblems.NotFound(name, version);
            }

            if (version is null)
            {
                unloaded.Add(name);
            }

            foreach (var slot in held.Union(known.Select(SlotOf)))
            {
                waits.Add(slot.Loading is { } loading ? UnloadAfterAsync(loading, slot) : Retire(slot, ModelState.Unloaded));
            }
        }

        await Task.WhenAll(waits).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Unloads what nobody used for a while, and has the rest give free memory back.</summary>
    public async Task<IReadOnlyList<ModelKey>> TrimAsync(CancellationToken cancellationToken)
    {
        var gone = new List<ModelKey>();
        var waits = new List<Task>();
        var held = new List<ModelLease>();
        lock (gate)
        {
            foreach (var slot in slots.Values.Where(slot => slot.State == ModelState.Ready))
            {
                if (slot.Users == 0 && options.Time.GetUtcNow() - slot.LastUsed >= options.TrimIdleAfter)
                {
                    gone.Add(slot.Key);
                    waits.Add(Retire(slot, ModelState.Available));
                }
                else
                {
                    slot.Users++;
                    held.Add(new(this, slot, slot.Model!));
                }
            }
        }

        foreach (var lease in held)
        {
            using (lease)
            {
                lease.Model.Shrink();
            }
        }

        await Task.WhenAll(waits).WaitAsync(cancellationToken).ConfigureAwait(false);
        return gone;
    }

    /// <summary>The status of all versions there are.</summary>
    public async Task<IReadOnlyList<ModelStatus>> ListAsync(CancellationToken cancellationToken)
    {
        var keys = await source.ListAsync(cancellationToken).ConfigureAwait(false);
        var current = new HashSet<ModelKey>();
        foreach (var name in keys.Select(key => key.Name).Distinct(StringComparer.Ordinal))
        {
            if (await FindActiveAsync(name, cancellationToken).ConfigureAwait(false) is { } key)
            {
                current.Add(key);
            }
        }

        lock (gate)
        {
            return [.. keys.Union(slots.Keys).Select(key => StatusOf(key, current.Contains(key)))];
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

        lock (gate)
        {
            if (slots.ContainsKey(key))
            {
                return StatusOf(key, key == current);
            }
        }

        if (key != current && !(await source.ListAsync(cancellationToken).ConfigureAwait(false)).Contains(key))
        {
            return null;
        }

        lock (gate)
        {
            return StatusOf(key, key == current);
        }
    }

    /// <summary>Takes nothing more, and ends when all that is under way has ended.</summary>
    public async Task CloseAsync()
    {
        List<Task> loading;
        lock (gate)
        {
            closed = true;
            loading = [.. slots.Values.Select(slot => slot.Loading).OfType<Task>()];
        }

        await Task.WhenAll(loading).ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
        List<Task> waits;
        lock (gate)
        {
            waits = [.. slots.Values.Select(slot => Retire(slot, ModelState.Unloaded))];
        }

        await Task.WhenAll(waits).ConfigureAwait(false);
    }

    // A slot of a version that is found not to be there is taken out again.
    private VersionSlot SlotOf(ModelKey key)
    {
        ObjectDisposedException.ThrowIf(closed, typeof(ModelServer));
        if (!slots.TryGetValue(key, out var slot))
        {
            slots[key] = slot = new(key);
        }

        return slot;
    }

    // What to wait for until the slot may be ready.
    private Task Wanted(VersionSlot slot, bool force)
    {
        if (!force && unloaded.Contains(slot.Key.Name))
        {
            throw TableProblems.Unloaded($"'{slot.Key.Name}'");
        }

        return slot.State switch
        {
            ModelState.Ready => Task.CompletedTask,
            ModelState.Unloaded when !force => throw TableProblems.Unloaded(slot.Key.ToString()),
            ModelState.Draining when !force && slot.After == ModelState.Unloaded => throw TableProblems.Draining(slot.Key),
            ModelState.Draining => slot.Gone!.Task,
            ModelState.Failed when !force && options.Time.GetElapsedTime(slot.FailedAt) < options.FailedLoadPause => throw new ProblemException(slot.Problem!),
            _ => slot.Loading ?? Begin(slot),
        };
    }

    private Task Begin(VersionSlot slot)
    {
        slot.State = ModelState.Loading;
        return slot.Loading = Task.Run(() => LoadAsync(slot), CancellationToken.None);
    }

    private async Task EnsureAsync(ModelKey key, bool force, CancellationToken cancellationToken)
    {
        for (var first = true; ; first = false)
        {
            Task wait;
            lock (gate)
            {
                var slot = SlotOf(key);
                if (slot.State == ModelState.Ready)
                {
                    return;
                }

                wait = Wanted(slot, force && (first || slot.State is not ModelState.Failed));
            }

            await wait.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task LoadAsync(VersionSlot slot)
    {
        try
        {
            var package = await source.OpenAsync(slot.Key, CancellationToken.None).ConfigureAwait(false)
                ?? throw TableProblems.NotFound(slot.Key.Name, slot.Key.Version);
            lock (gate)
            {
                slot.Package = package;
            }

            await MakeRoomAsync(slot, loader.Estimate(package)).ConfigureAwait(false);
            var model = Warmed(slot.Key, package);
            lock (gate)
            {
                (slot.Model, slot.State, slot.Problem, slot.Loading) = (model, ModelState.Ready, null, null);
                slot.LastUsed ??= options.Time.GetUtcNow();
            }
        }
#pragma warning disable CA1031 // Whatever it is, it is why the version does not answer.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            var problem = TableProblems.OfLoad(slot.Key, failed, slot.Package?.Folder);
            lock (gate)
            {
                (slot.State, slot.Problem, slot.Loading, slot.Bytes) = (ModelState.Failed, problem.Problem, null, 0);
                slot.FailedAt = options.Time.GetTimestamp();
                if (problem.Problem.Code == "model-not-found")
                {
                    slots.Remove(slot.Key);
                }
                else if (problem.RetryAfter is not null)
                {
                    // Nothing is wrong with the version; there may be room with the next request.
                    slot.State = ModelState.Available;
                }
            }

            throw problem;
        }
    }

    private ServedModel Warmed(ModelKey key, Inference.Models.ModelPackage package)
    {
        var graph = loader.Load(package);
        try
        {
            if (options.WarmUp)
            {
                graph.WarmUp();
            }

            return new(key, package, graph, options, lanes);
        }
        catch
        {
            graph.Dispose();
            throw;
        }
    }

    private async Task MakeRoomAsync(VersionSlot slot, long bytes)
    {
        if (bytes > budget)
        {
            throw TableProblems.TooLarge(slot.Key, bytes, budget);
        }

        while (true)
        {
            Task wait;
            lock (gate)
            {
                var used = slots.Values.Sum(one => one.Bytes);
                if (used + bytes <= budget)
                {
                    slot.Bytes = bytes;
                    return;
                }

                // The version that this one is to follow serves until this one is warm.
                var least = slots.Values
                    .Where(one => one.State == ModelState.Ready && one.Users == 0 && !(one.Key.Name == slot.Key.Name && active.IsActive(one.Key)))
                    .MinBy(one => one.LastUsed);
                wait = least is not null ? Retire(least, ModelState.Available)
                    : slots.Values.FirstOrDefault(one => one.State == ModelState.Draining)?.Gone!.Task
                        ?? throw TableProblems.NoRoom(slot.Key, bytes, budget, used);
            }

            await wait.ConfigureAwait(false);
        }
    }

    // The task ends when the version is out of memory.
    private Task Retire(VersionSlot slot, ModelState after)
    {
        switch (slot.State)
        {
            case ModelState.Ready:
                (slot.State, slot.After, slot.Gone) = (ModelState.Draining, after, new(TaskCreationOptions.RunContinuationsAsynchronously));
                CloseIfDrained(slot);
                return slot.Gone?.Task ?? Task.CompletedTask;
            case ModelState.Draining:
                slot.After = after;
                return slot.Gone!.Task;
            default:
                slot.State = after == ModelState.Unloaded ? ModelState.Unloaded : slot.State;
                return Task.CompletedTask;
        }
    }

    private void CloseIfDrained(VersionSlot slot)
    {
        if (slot is { State: ModelState.Draining, Users: 0, Model: { } model })
        {
            slot.Model = null;
            _ = Task.Run(() => CloseAsync(slot, model), CancellationToken.None);
        }
    }

    private async Task CloseAsync(VersionSlot slot, ServedModel model)
    {
        try
        {
            await model.CloseAsync().ConfigureAwait(false);
        }
        finally
        {
            lock (gate)
            {
                (slot.State, slot.Bytes) = (slot.After, 0);
                slot.Gone!.TrySetResult();
            }
        }
    }

    private async Task UnloadAfterAsync(Task loading, VersionSlot slot)
    {
        await loading.ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
        Task wait;
        lock (gate)
        {
            wait = Retire(slot, ModelState.Unloaded);
        }

        await wait.ConfigureAwait(false);
    }

    private async Task<ModelKey> ActiveAsync(string name, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (active.Find(name) is { } known)
            {
                if (active.TryAsk(name))
                {
                    _ = Task.Run(() => AskAgainAsync(name), CancellationToken.None);
                }

                return known;
            }
        }

        var found = await source.ActiveAsync(name, cancellationToken).ConfigureAwait(false) ?? throw TableProblems.NotFound(name, null);
        lock (gate)
        {
            if (active.Find(name) is { } meanwhile)
            {
                return meanwhile;
            }

            active.Set(name, found);
            return found;
        }
    }

    private async Task<ModelKey?> FindActiveAsync(string name, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (active.Find(name) is { } known)
            {
                return known;
            }
        }

        return await source.ActiveAsync(name, cancellationToken).ConfigureAwait(false);
    }

    // Beside the traffic, which goes on with what is known.
    private async Task AskAgainAsync(string name)
    {
        try
        {
            var found = await source.ActiveAsync(name, CancellationToken.None).ConfigureAwait(false);
            bool serves;
            lock (gate)
            {
                serves = active.Find(name) is { } old && old != found && slots.TryGetValue(old, out var slot) && slot.State == ModelState.Ready;
            }

            if (found is { } key && serves)
            {
                await EnsureAsync(key, force: false, CancellationToken.None).ConfigureAwait(false);
            }

            lock (gate)
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
            lock (gate)
            {
                active.Asked(name);
            }
        }
    }

    private void Switch(ModelKey key)
    {
        var old = active.Find(key.Name);
        active.Set(key.Name, key);
        if (old is { } before && before != key && slots.TryGetValue(before, out var slot) && slot.State == ModelState.Ready)
        {
            _ = Retire(slot, ModelState.Available);
        }
    }

    private void Forget(string name)
    {
        active.Set(name, null);
        foreach (var slot in slots.Values.Where(slot => slot.Key.Name == name && slot.State == ModelState.Ready))
        {
            _ = Retire(slot, ModelState.Available);
        }
    }

    private ModelStatus StatusOf(ModelKey key, bool isActive)
    {
        var slot = slots.GetValueOrDefault(key);
        var state = slot?.State ?? ModelState.Available;
        if (state is ModelState.Available or ModelState.Failed && unloaded.Contains(key.Name))
        {
            state = ModelState.Unloaded;
        }

        return new(
            key, state, isActive, slot?.Package?.Card, slot?.Package?.Signature, slot?.Problem, slot?.Model?.Queue.Length ?? 0, slot?.Bytes ?? 0, slot?.Model?.Provider, slot?.LastUsed);
    }
}
