using AiAssignments.LoadTesting.Requests;
using AiAssignments.LoadTesting.Transports;

namespace AiAssignments.LoadTesting.Running;

/// <summary>
/// Hands requests that are due to free channels. Where none is free a request waits, in the order of due times, and its latency counts all the while;
/// so what a stalled server does to those who come later is seen (no coordinated omission).
/// </summary>
/// <param name="state">What the run shares.</param>
/// <param name="transport">Makes channels.</param>
/// <param name="most">Most channels.</param>
internal sealed class OpenDispatcher(LoadState state, ILoadTransport transport, int most)
{
    private readonly Lock gate = new();
    private readonly Queue<Slot> idle = new();
    private readonly Queue<(long Ordinal, long Due)> backlog = new();
    private readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int channels;
    private int busy;
    private bool closing;
    private long waited;

    /// <summary>Requests that found no free channel.</summary>
    public long Waited => Interlocked.Read(ref waited);

    /// <summary>Channels made.</summary>
    public int Channels
    {
        get
        {
            lock (gate)
            {
                return channels;
            }
        }
    }

    /// <summary>Requests due and not sent.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
            {
                return backlog.Count;
            }
        }
    }

    /// <summary>Adds a channel that is connected already.</summary>
    public void Add(ILoadChannel channel)
    {
        lock (gate)
        {
            idle.Enqueue(state.Track(channel));
            channels++;
        }
    }

    /// <summary>A request is due. Returns at once, or after what a channel does before it first waits.</summary>
    /// <param name="ordinal">Its number.</param>
    /// <param name="due">When.</param>
    /// <param name="request">It; where it has to wait it is made anew when its turn comes, so that a long queue holds numbers and not bodies. <c>null</c>: not made yet.</param>
    public void Offer(long ordinal, long due, LoadRequest? request = null)
    {
        state.Recorder.Offer(due);
        Slot slot;
        lock (gate)
        {
            if (idle.TryDequeue(out var free))
            {
                slot = free;
            }
            else if (channels < most)
            {
                channels++;
                slot = state.Track(transport.CreateChannel());
            }
            else
            {
                Interlocked.Increment(ref waited);
                backlog.Enqueue((ordinal, due));
                return;
            }

            busy++;
        }

        _ = WorkAsync(slot, ordinal, due, request);
    }

    /// <summary>Nothing more will be offered: ends when all is answered or given up.</summary>
    public Task CloseAsync()
    {
        lock (gate)
        {
            closing = true;
            if (busy == 0)
            {
                drained.TrySetResult();
            }
        }

        return drained.Task;
    }

    /// <summary>Gives up what still waits to be sent.</summary>
    public void GiveUpWaiting(string why)
    {
        while (true)
        {
            (long Ordinal, long Due) next;
            lock (gate)
            {
                if (!backlog.TryDequeue(out next))
                {
                    return;
                }
            }

            state.GiveUp(next.Due, why);
        }
    }

    private async Task WorkAsync(Slot slot, long ordinal, long due, LoadRequest? request)
    {
        while (true)
        {
            // What has waited for its whole time is not sent any more: whoever asked has gone.
            if (state.Clock.Now - due >= state.Timeout)
            {
                state.GiveUp(due, "Its time was up before a connection was free.");
            }
            else
            {
                await state.SendAsync(slot, request ?? state.Make(ordinal, transport), due, Math.Max(due, slot.FreeSince)).ConfigureAwait(false);
            }

            lock (gate)
            {
                if (!backlog.TryDequeue(out var next))
                {
                    idle.Enqueue(slot);
                    busy--;
                    if (closing && busy == 0)
                    {
                        drained.TrySetResult();
                    }

                    return;
                }

                (ordinal, due, request) = (next.Ordinal, next.Due, null);
            }
        }
    }
}
