using System.Runtime.CompilerServices;
using AiAssignments.LoadTesting.Requests;
using AiAssignments.LoadTesting.Transports;

namespace AiAssignments.LoadTesting.Running;

/// <summary>A channel with what the run knows of it.</summary>
internal sealed class Slot(ILoadChannel channel)
{
    private readonly Lock gate = new();
    private long deadline = long.MaxValue;
    private bool timedOut;

    public ILoadChannel Channel => channel;

    /// <summary>Since when it has been free.</summary>
    public long FreeSince { get; private set; }

    /// <summary>Sends a request; a watchdog that calls <see cref="EndIfLate"/> holds it to its time.</summary>
    /// <param name="request">What.</param>
    /// <param name="deadline">When it is given up.</param>
    /// <param name="clock">The run's time.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<(LoadReply Reply, long Ended)> ExchangeAsync(LoadRequest request, long deadline, RunClock clock)
    {
        lock (gate)
        {
            this.deadline = deadline;
        }

        var reply = await channel.ExchangeAsync(request).ConfigureAwait(false);
        var ended = clock.Now;
        lock (gate)
        {
            this.deadline = long.MaxValue;
            FreeSince = ended;
            if (timedOut)
            {
                timedOut = false;
                reply = reply with { Failure = FailureKind.Timeout, Status = 0, Detail = "Not answered in time." };
            }
        }

        return (reply, ended);
    }

    /// <summary>Ends an exchange whose time is up.</summary>
    public void EndIfLate(long now)
    {
        lock (gate)
        {
            if (now >= deadline)
            {
                deadline = long.MaxValue;
                timedOut = true;
                channel.Abort();
            }
        }
    }
}
