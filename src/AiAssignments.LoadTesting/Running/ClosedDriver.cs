using AiAssignments.LoadTesting.Transports;

namespace AiAssignments.LoadTesting.Running;

/// <summary>The closed model: users who each wait for their answer.</summary>
internal sealed class ClosedDriver(LoadState state, ILoadTransport transport, ClosedModel model, TimeProvider time) : ILoadDriver
{
    // A server that refuses is not to be asked a hundred thousand times a second.
    private const long Pause = 10 * TimeSpan.TicksPerMillisecond;

    private List<ILoadChannel> channels = [];
    private long ordinal = -1;

    public long Waited => 0;

    public int Waiting => 0;

    public int Channels => model.Users;

    public async Task<string?> OpenAsync(CancellationToken cancellationToken)
    {
        (channels, var problem) = await Opening.OpenAsync(transport, model.Users, cancellationToken).ConfigureAwait(false);
        var some = channels.Count > 0;
        while (channels.Count < model.Users)
        {
            // A user who could not be connected tries again with each request.
            channels.Add(transport.CreateChannel());
        }

        return some ? null : problem;
    }

    public Task RunAsync(long end, CancellationToken stop) => Task.WhenAll(channels.ConvertAll(channel => Task.Run(() => UserAsync(state.Track(channel), end, stop), CancellationToken.None)));

    public void GiveUp()
    {
        // Nothing waits: a user sends only what it is due to.
    }

    private async Task UserAsync(Slot slot, long end, CancellationToken stop)
    {
        var due = state.Clock.Now;
        while (due < end && !stop.IsCancellationRequested)
        {
            if (due - state.Clock.Now is var early and > 0)
            {
                try
                {
                    await Task.Delay(TimeSpan.FromTicks(early), time, stop).ConfigureAwait(false);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }

            // Before it gets its number, so that those sent are the first ones, without a gap.
            var asked = Math.Max(due, state.Clock.Now);
            if (!state.Admits(asked))
            {
                return;
            }

            // A user thinks of a question before asking it: the time that takes is the generator's. Made in the warm-up and sent after it, it counts.
            var request = state.Make(Interlocked.Increment(ref ordinal), transport);
            due = Math.Max(due, state.Clock.Now);
            if (state.IsWarmUp(asked) && !state.IsWarmUp(due) && !state.Admits(due))
            {
                return;
            }

            var failure = await state.SendAsync(slot, request, due, due).ConfigureAwait(false);
            due = slot.FreeSince + Math.Max(model.Think.Ticks, failure is FailureKind.Connect or FailureKind.Reset ? Pause : 0);
        }
    }
}
