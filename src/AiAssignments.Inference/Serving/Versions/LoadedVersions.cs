using AiAssignments.Core.Errors;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Serving.Batching;
using AiAssignments.Inference.Serving.Graphs;

namespace AiAssignments.Inference.Serving.Versions;

/// <summary>Brings versions into memory and takes them out: loads once for all who ask, drains, and keeps within the memory budget.</summary>
internal sealed class LoadedVersions(IModelSource source, IGraphLoader loader, ModelServerOptions options, long budget, LaneDispatcher lanes)
{
    // Each holds its request's body while it waits.
    private const int MostWaiting = 256;
    private readonly Dictionary<ModelKey, VersionSlot> slots = [];

    // What is to take the place of a version whose content changed, and what gave its place up and still answers what it took.
    private readonly List<VersionSlot> aside = [];
    private bool closed;

    /// <summary>Guards the slots, and what the table knows beside them.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Whether traffic goes to a version; asked under <see cref="Gate"/>.</summary>
    public required Func<ModelKey, bool> IsActive { get; init; }

    /// <summary>All slots. Under <see cref="Gate"/>.</summary>
    public IReadOnlyCollection<VersionSlot> All => slots.Values;

    /// <summary>The slot of a version, or <c>null</c>. Under <see cref="Gate"/>.</summary>
    public VersionSlot? Find(ModelKey key) => slots.GetValueOrDefault(key);

    /// <summary>The slot of a version; that of one that is found not to be there is taken out again. Under <see cref="Gate"/>.</summary>
    public VersionSlot SlotOf(ModelKey key)
    {
        ObjectDisposedException.ThrowIf(closed, typeof(ModelServer));
        if (!slots.TryGetValue(key, out var slot))
        {
            slots[key] = slot = new(key);
        }

        return slot;
    }

    /// <summary>Takes out the slot of a version that is no more, so that another content under its name begins anew. Under <see cref="Gate"/>.</summary>
    public void Drop(ModelKey key)
    {
        if (slots.TryGetValue(key, out var slot) && slot is { Users: 0, Loading: null, State: ModelState.Available or ModelState.Unloaded or ModelState.Failed })
        {
            slots.Remove(key);
        }
    }

    /// <summary>What to wait for until a slot may be ready. Under <see cref="Gate"/>.</summary>
    /// <exception cref="ProblemException">There is nothing to wait for.</exception>
    public Task Wanted(VersionSlot slot, bool force)
    {
        if (force)
        {
            slot.UnloadWhenLoaded = false;
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

    /// <summary>Counts a request that waits for a slot; too many are refused at once. Under <see cref="Gate"/>.</summary>
    /// <exception cref="ProblemException"><c>queue-full</c>.</exception>
    public static void Await(VersionSlot slot)
    {
        if (slot.Waiting >= MostWaiting)
        {
            throw new ProblemException("queue-full", $"{MostWaiting} requests wait for {slot.Key} to be loaded already; try again later.") { RetryAfter = TimeSpan.FromSeconds(1) };
        }

        slot.Waiting++;
    }

    /// <summary>Loads a version unless it is.</summary>
    public async Task EnsureAsync(ModelKey key, bool force, CancellationToken cancellationToken)
    {
        for (var first = true; ; first = false)
        {
            Task wait;
            lock (Gate)
            {
                var slot = SlotOf(key);
                wait = Wanted(slot, force && (first || slot.State is not ModelState.Failed));
                if (slot.State == ModelState.Ready)
                {
                    return;
                }
            }

            await wait.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Loads another content of a version beside the one that serves, and has it take that one's place; a load that fails leaves it serving.</summary>
    public async Task ReplaceAsync(VersionSlot old, ModelPackage package)
    {
        var fresh = new VersionSlot(old.Key) { State = ModelState.Loading, Batches = old.Batches };
        Task loading;
        lock (Gate)
        {
            ObjectDisposedException.ThrowIf(closed, typeof(ModelServer));
            aside.Add(fresh);
            loading = fresh.Loading = Task.Run(() => LoadAsync(fresh, package), CancellationToken.None);
        }

        await loading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (Gate)
        {
            if (fresh.State == ModelState.Ready)
            {
                // Unless the old one was unloaded meanwhile, which holds for the new one, too.
                var gone = old.State == ModelState.Ready && !closed ? old : fresh;
                if (gone == old)
                {
                    aside.Remove(fresh);
                    slots[old.Key] = fresh;
                    aside.Add(old);
                }

                _ = Retire(gone, ModelState.Available);
            }
            else if (fresh.State != ModelState.Draining)
            {
                aside.Remove(fresh);
                old.Problem = fresh.Problem;
            }
        }

        await loading.ConfigureAwait(false);
    }

    /// <summary>Has the versions answer again that were unloaded with their name, and not by themselves. Under <see cref="Gate"/>.</summary>
    public void Restore(string name)
    {
        foreach (var slot in slots.Values.Where(slot => slot.Key.Name == name && slot.UnloadedWithName))
        {
            slot.UnloadedWithName = slot.UnloadWhenLoaded = false;
            slot.State = slot.State == ModelState.Unloaded ? ModelState.Available : slot.State;
            slot.After = slot.After == ModelState.Unloaded ? ModelState.Available : slot.After;
        }
    }

    /// <summary>Drains a version, or what is being loaded of it; a load that is asked for meanwhile keeps it. The task ends when it is out of memory. Under <see cref="Gate"/>.</summary>
    public Task Unload(VersionSlot slot)
    {
        if (slot.Loading is not { } loading)
        {
            return Retire(slot, ModelState.Unloaded);
        }

        slot.UnloadWhenLoaded = true;
        return UnloadAfterAsync(loading, slot);
    }

    /// <summary>Takes nothing more for a version; the task ends when it is out of memory. Under <see cref="Gate"/>.</summary>
    public Task Retire(VersionSlot slot, ModelState after)
    {
        switch (slot.State)
        {
            case ModelState.Ready:
                (slot.State, slot.After, slot.Gone) = (ModelState.Draining, after, new(TaskCreationOptions.RunContinuationsAsynchronously));
                CloseIfDrained(slot);
                return slot.Gone.Task;
            case ModelState.Draining:
                slot.After = after;
                return slot.Gone!.Task;
            default:
                slot.State = after == ModelState.Unloaded ? ModelState.Unloaded : slot.State;
                return Task.CompletedTask;
        }
    }

    /// <summary>Ends a hold on a version.</summary>
    /// <param name="slot">Its slot.</param>
    /// <param name="used">Whether it answered.</param>
    public void Return(VersionSlot slot, bool used)
    {
        lock (Gate)
        {
            slot.Users--;
            slot.LastUsed = used ? options.Time.GetUtcNow() : slot.LastUsed;
            CloseIfDrained(slot);
        }
    }

    /// <summary>Takes nothing more, and ends when all that is under way has ended.</summary>
    public async Task CloseAsync()
    {
        List<Task> loading;
        lock (Gate)
        {
            closed = true;
            loading = [.. slots.Values.Concat(aside).Select(slot => slot.Loading).OfType<Task>()];
        }

        await Task.WhenAll(loading).ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
        List<Task> waits;
        lock (Gate)
        {
            waits = [.. slots.Values.Concat(aside).Select(slot => Retire(slot, ModelState.Unloaded))];
        }

        await Task.WhenAll(waits).ConfigureAwait(false);
    }

    private Task Begin(VersionSlot slot)
    {
        slot.State = ModelState.Loading;
        return slot.Loading = Task.Run(() => LoadAsync(slot, null), CancellationToken.None);
    }

    private async Task LoadAsync(VersionSlot slot, ModelPackage? opened)
    {
        try
        {
            var package = opened ?? await source.OpenAsync(slot.Key, CancellationToken.None).ConfigureAwait(false)
                ?? throw TableProblems.NotFound(slot.Key.Name, slot.Key.Version);
            lock (Gate)
            {
                slot.Package = package;
            }

            await MakeRoomAsync(slot, loader.Estimate(package)).ConfigureAwait(false);
            var model = Warmed(slot, package);
            lock (Gate)
            {
                (slot.Model, slot.State, slot.Problem, slot.Loading) = (model, ModelState.Ready, null, null);
                slot.LastUsed = options.Time.GetUtcNow();
            }
        }
#pragma warning disable CA1031 // Whatever it is, it is why the version does not answer.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            var problem = TableProblems.OfLoad(slot.Key, failed, slot.Package?.Folder);
            lock (Gate)
            {
                (slot.State, slot.Problem, slot.Loading, slot.Bytes) = (ModelState.Failed, problem.Problem, null, 0);
                slot.FailedAt = options.Time.GetTimestamp();
                if (problem.Problem.Code is "model-not-found" or "model-version-not-accepted" && Find(slot.Key) == slot)
                {
                    // It is none of those that are served, or not yet.
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

    private ServedModel Warmed(VersionSlot slot, ModelPackage package)
    {
        var graph = loader.Load(package);
        try
        {
            if (options.WarmUp)
            {
                graph.WarmUp();
            }

            return new(slot.Key, package, graph, options, lanes, slot.Batches);
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
            lock (Gate)
            {
                var used = slots.Values.Concat(aside).Sum(one => one.Bytes);
                if (used + bytes <= budget)
                {
                    slot.Bytes = bytes;
                    return;
                }

                // The version that this one is to follow serves until this one is warm.
                var idle = slots.Values.Where(one => one.State == ModelState.Ready && one.Users == 0 && one.Key != slot.Key && !(one.Key.Name == slot.Key.Name && IsActive(one.Key))).ToList();
                var draining = slots.Values.Concat(aside).Where(one => one.State == ModelState.Draining).ToList();
                if (used - idle.Concat(draining).Sum(one => one.Bytes) + bytes > budget)
                {
                    // Nothing goes for a version that will not fit all the same.
                    throw TableProblems.NoRoom(slot.Key, bytes, budget, used);
                }

                wait = draining.Count > 0 ? draining[0].Gone!.Task : Retire(idle.MinBy(one => one.LastUsed)!, ModelState.Available);
            }

            await wait.ConfigureAwait(false);
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
            lock (Gate)
            {
                (slot.State, slot.Bytes) = (slot.After, 0);
                aside.Remove(slot);
                slot.Gone!.TrySetResult();
            }
        }
    }

    private async Task UnloadAfterAsync(Task loading, VersionSlot slot)
    {
        await loading.ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
        Task wait;
        lock (Gate)
        {
            wait = slot.UnloadWhenLoaded ? Retire(slot, ModelState.Unloaded) : Task.CompletedTask;
            slot.UnloadWhenLoaded = false;
        }

        await wait.ConfigureAwait(false);
    }
}
