using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using AiAssignments.LoadTesting.Measuring;
using AiAssignments.LoadTesting.Requests;
using AiAssignments.LoadTesting.Transports;

namespace AiAssignments.LoadTesting.Running;

/// <summary>What the users or the dispatcher of one run share.</summary>
internal sealed class LoadState(IRequestSource requests, LoadRecorder recorder, RunClock clock, Func<int, bool> accepts, long timeout, long warmUp = 0, long? most = null)
{
    private readonly ConcurrentBag<Slot> slots = [];
    private long inFlight;
    private long counted;

    public LoadRecorder Recorder => recorder;

    public RunClock Clock => clock;

    /// <summary>Ticks after which a request is given up.</summary>
    public long Timeout => timeout;

    /// <summary>Requests sent and not answered.</summary>
    public long InFlight => Interlocked.Read(ref inFlight);

    public Slot Track(ILoadChannel channel)
    {
        var slot = new Slot(channel);
        slots.Add(slot);
        return slot;
    }

    /// <summary>Whether one more request may be sent; those of the warm-up always.</summary>
    /// <param name="due">When it is due.</param>
    public bool Admits(long due) => most is null || IsWarmUp(due) || Interlocked.Increment(ref counted) <= most;

    /// <summary>Whether what is due then is not measured.</summary>
    /// <param name="due">When it is due.</param>
    public bool IsWarmUp(long due) => due < warmUp;

    /// <summary>The request of a number, with what the transport makes of it: asked for before it is due where that can be, so that making it is no part of its latency.</summary>
    public LoadRequest Make(long ordinal, ILoadTransport transport)
    {
        var request = requests.At(ordinal);
        transport.Prepare(request);
        return request;
    }

    /// <summary>Sends a request and records what became of it.</summary>
    /// <param name="slot">By which channel.</param>
    /// <param name="request">The request.</param>
    /// <param name="due">When it should be sent.</param>
    /// <param name="ready">When it could be: <paramref name="due"/>, or later if no channel was free before.</param>
    /// <returns>Whether and why it failed.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<FailureKind> SendAsync(Slot slot, LoadRequest request, long due, long ready)
    {
        var sent = clock.Now;
        Interlocked.Increment(ref inFlight);
        var (reply, ended) = await slot.ExchangeAsync(request, due + timeout, clock).ConfigureAwait(false);
        Interlocked.Decrement(ref inFlight);
        if (reply.Failure == FailureKind.None && !accepts(reply.Status))
        {
            reply = reply with { Failure = FailureKind.Status };
        }

        recorder.Record(new Sample(due, sent, ended, Math.Max(0, sent - ready), reply));
        return reply.Failure;
    }

    /// <summary>Records a request that was given up before it could be sent.</summary>
    public void GiveUp(long due, string why)
    {
        var now = clock.Now;
        recorder.Record(new Sample(due, now, now, 0, new LoadReply(FailureKind.Timeout, 0, 0, 0, why)));
    }

    /// <summary>Ends all exchanges whose time is up.</summary>
    /// <param name="now">The time; <see cref="long.MaxValue"/> less one ends all.</param>
    public void EndLate(long now)
    {
        foreach (var slot in slots)
        {
            slot.EndIfLate(now);
        }
    }

    public async ValueTask CloseAsync()
    {
        foreach (var slot in slots)
        {
            await slot.Channel.DisposeAsync().ConfigureAwait(false);
        }
    }
}
