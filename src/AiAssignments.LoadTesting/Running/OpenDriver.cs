using AiAssignments.LoadTesting.Transports;

namespace AiAssignments.LoadTesting.Running;

/// <summary>The open model: a thread that waits for each due time.</summary>
internal sealed class OpenDriver(LoadState state, ILoadTransport transport, OpenModel model, int? fixedChannels, int onDemand) : ILoadDriver
{
    private readonly OpenDispatcher dispatcher = new(state, transport, fixedChannels ?? onDemand);

    public long Waited => dispatcher.Waited;

    public int Waiting => dispatcher.Waiting;

    public int Channels => dispatcher.Channels;

    public async Task<string?> OpenAsync(CancellationToken cancellationToken)
    {
        // On demand a few are opened too: the first requests should not all pay for it, and a target that is not there is found out.
        var (opened, problem) = await Opening.OpenAsync(transport, fixedChannels ?? Math.Min(8, onDemand), cancellationToken).ConfigureAwait(false);
        opened.ForEach(dispatcher.Add);
        return opened.Count > 0 ? null : problem;
    }

    public async Task RunAsync(long end, CancellationToken stop)
    {
        var paced = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                Pace(end, stop);
                paced.SetResult();
            }
            catch (Exception error)
            {
                paced.SetException(error);
            }
        })
        {
            IsBackground = true,
            Name = "load-pace",
            Priority = ThreadPriority.AboveNormal,
        };
        thread.Start();
        await paced.Task.ConfigureAwait(false);
        await dispatcher.CloseAsync().ConfigureAwait(false);
    }

    public void GiveUp() => dispatcher.GiveUpWaiting("Not sent when the test ended.");

    private void Pace(long end, CancellationToken stop)
    {
        FineSleep.Prepare();
        var arrivals = model.Arrivals();
        for (long ordinal = 0; arrivals.TryNext(out var due) && due < end && state.Admits(due); ordinal++)
        {
            // Made before it is waited for, so that a large one is not late for its making.
            var request = state.Make(ordinal, transport);
            for (var early = due - state.Clock.Now; early > 0; early = due - state.Clock.Now)
            {
                if (stop.IsCancellationRequested)
                {
                    return;
                }

                FineSleep.Sleep(early);
            }

            if ((ordinal & 1023) == 0 && stop.IsCancellationRequested)
            {
                return;
            }

            dispatcher.Offer(ordinal, due, request);
        }
    }
}
