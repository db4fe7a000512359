using AiAssignments.LoadTesting;
using AiAssignments.LoadTesting.Measuring;
using AiAssignments.LoadTesting.Requests;
using AiAssignments.LoadTesting.Running;
using AiAssignments.LoadTesting.Transports;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.LoadTesting;

/// <summary>A server that stalls, under a clock that only the test moves.</summary>
public sealed class CoordinatedOmissionTests
{
    private static readonly LoadReply Good = new(FailureKind.None, 200, 10, 20);
    private readonly FakeTimeProvider time = new();
    private readonly RequestCycle requests = new(new LoadRequest("GET", "/", default));
    private long started;

    [Fact]
    public async Task A_stall_is_felt_by_all_who_come_during_it()
    {
        // 100 requests a second for 3 s over one connection. The one due at 1.00 s is answered at 2.00 s, all others at once.
        var stall = new TaskCompletionSource<LoadReply>();
        var asked = 0;
        var (state, dispatcher, recorder) = Start(new ScriptedTransport(_ => asked++ == 100 ? stall.Task : Task.FromResult(Good)), most: 1);
        for (var i = 0; i < 300; i++)
        {
            At(i * 10);
            if (i == 200)
            {
                Assert.Equal(99, dispatcher.Waiting);
                stall.SetResult(Good);
            }

            dispatcher.Offer(i, i * 10 * TimeSpan.TicksPerMillisecond);
        }

        await dispatcher.CloseAsync();
        var total = Total(recorder);
        Assert.Equal(300, total.Requests);
        Assert.Equal(0, total.Failed);
        Assert.Equal(99, dispatcher.Waited);

        // Due at 1.00, 1.01, … 1.99 s and answered at 2.00 s: latencies of 1000, 990, … 10 ms, 505 on average over those hundred.
        Assert.Equal(1_000, Milliseconds(total.Latency.Greatest));
        Assert.Equal(100 * 505 / 300.0, total.Latency.Mean / TimeSpan.TicksPerMillisecond, 6);
        Assert.InRange(Milliseconds(total.Latency.Percentile(99)), 970, 981);
        Assert.InRange(Milliseconds(total.Latency.Percentile(90)), 700, 711);

        // What a client that waits for its server would say of the same: one slow request, and all is well at p99.
        Assert.Equal(1_000, Milliseconds(total.Service.Greatest));
        Assert.Equal(0, Milliseconds(total.Service.Percentile(99)));

        // The generator was never late itself: what waited had no connection.
        Assert.Equal(0, total.Lag.Greatest);
        Assert.Equal(0, state.InFlight);
    }

    [Fact]
    public async Task What_the_generator_sends_late_is_its_own_lag_and_counts_as_latency()
    {
        var (_, dispatcher, recorder) = Start(new ScriptedTransport(_ => Task.FromResult(Good)), most: 1);
        At(50);
        dispatcher.Offer(0, 20 * TimeSpan.TicksPerMillisecond);
        await dispatcher.CloseAsync();
        var total = Total(recorder);
        Assert.Equal(30, Milliseconds(total.Lag.Greatest));
        Assert.Equal(30, Milliseconds(total.Latency.Greatest));
        Assert.Equal(0, Milliseconds(total.Service.Greatest));
    }

    [Fact]
    public async Task Connections_are_opened_as_they_are_needed_up_to_a_limit()
    {
        var gates = Enumerable.Range(0, 10).Select(_ => new TaskCompletionSource<LoadReply>()).ToArray();
        var asked = 0;
        var transport = new ScriptedTransport(_ => gates[asked++].Task);
        var (state, dispatcher, _) = Start(transport, most: 3);
        for (var i = 0; i < 5; i++)
        {
            dispatcher.Offer(i, 0);
        }

        Assert.Equal(3, transport.Channels);
        Assert.Equal(3, state.InFlight);
        Assert.Equal(2, dispatcher.Waiting);
        gates[1].SetResult(Good);
        Assert.Equal(1, dispatcher.Waiting);
        Array.ForEach(gates, gate => gate.TrySetResult(Good));
        await dispatcher.CloseAsync();
        dispatcher.Offer(5, 0);
        Assert.Equal(3, dispatcher.Channels);
    }

    [Fact]
    public async Task A_request_has_its_time_from_when_it_was_due()
    {
        var never = new TaskCompletionSource<LoadReply>();
        var transport = new ScriptedTransport(_ => never.Task);
        var (state, dispatcher, recorder) = Start(transport, most: 1, timeoutMs: 500);
        dispatcher.Offer(0, 0);
        dispatcher.Offer(1, 0);
        At(100);
        dispatcher.Offer(2, 100 * TimeSpan.TicksPerMillisecond);
        At(499);
        state.EndLate(499 * TimeSpan.TicksPerMillisecond);
        Assert.Equal(0, transport.Aborted);

        // The first is ended; the second waited its whole time without a connection; the third is sent, and ended at its own time.
        At(500);
        state.EndLate(500 * TimeSpan.TicksPerMillisecond);
        Assert.Equal(1, transport.Aborted);
        At(599);
        state.EndLate(599 * TimeSpan.TicksPerMillisecond);
        Assert.Equal(1, state.InFlight);
        At(600);
        state.EndLate(600 * TimeSpan.TicksPerMillisecond);
        await dispatcher.CloseAsync();
        var total = Total(recorder);
        Assert.Equal(3, total.Errors.Timeout);
        Assert.Equal(500, Milliseconds(total.Latency.Least));
        Assert.Equal(500, Milliseconds(total.Latency.Greatest));
    }

    [Fact]
    public async Task What_fails_at_once_makes_no_server_look_fast()
    {
        var replies = new Queue<LoadReply>([Good, new(FailureKind.Connect, 0, 0, 0, "refused"), new(FailureKind.None, 503, 1, 1), new(FailureKind.Reset, 0, 0, 0, "reset")]);
        var (_, dispatcher, recorder) = Start(new ScriptedTransport(_ =>
        {
            time.Advance(TimeSpan.FromMilliseconds(replies.Count == 4 ? 80 : 1));
            return Task.FromResult(replies.Dequeue());
        }), most: 1);
        for (var i = 0; i < 4; i++)
        {
            dispatcher.Offer(i, 0);
        }

        await dispatcher.CloseAsync();
        var total = Total(recorder);
        Assert.Equal((1, 1, 1), (total.Errors.Connect, total.Errors.Status, total.Errors.Reset));
        Assert.Equal(1, total.Latency.Count);
        Assert.Equal(80, Milliseconds(total.Latency.Least));
        Assert.Equal(new Dictionary<int, long> { [200] = 1, [503] = 1 }, total.Statuses);
        Assert.Equal(1, recorder.Messages["refused"]);
    }

    [Fact]
    public async Task A_closed_user_asks_again_when_it_is_answered()
    {
        // Each answer takes 30 ms: requests at 0, 30, … 990 ms.
        var transport = new ScriptedTransport(_ =>
        {
            time.Advance(TimeSpan.FromMilliseconds(30));
            return Task.FromResult(Good);
        });
        var (state, _, recorder) = Start(transport, most: 1);
        var driver = new ClosedDriver(state, transport, new ClosedModel(1), time);
        Assert.Null(await driver.OpenAsync(CancellationToken.None));
        await driver.RunAsync(TimeSpan.TicksPerSecond, CancellationToken.None);
        var total = Total(recorder);
        Assert.Equal(34, total.Requests);
        Assert.Equal(30, Milliseconds(total.Latency.Least));
        Assert.Equal(30, Milliseconds(total.Latency.Greatest));
        Assert.Equal(0, total.Lag.Greatest);
    }

    [Fact]
    public async Task Making_a_request_is_no_part_of_a_users_latency_and_a_number_of_requests_ends_the_run()
    {
        var transport = new ScriptedTransport(_ =>
        {
            time.Advance(TimeSpan.FromMilliseconds(30));
            return Task.FromResult(Good);
        });
        SynchronizationContext.SetSynchronizationContext(null);
        var slow = new MadeRequests(_ =>
        {
            time.Advance(TimeSpan.FromMilliseconds(20));
            return new LoadRequest("POST", "/", default);
        });

        // One each 50 ms; the two due before 100 ms are the warm-up's, and five more are allowed.
        var recorder = new LoadRecorder(100 * TimeSpan.TicksPerMillisecond, 1);
        var state = new LoadState(slow, recorder, new RunClock(time), status => status == 200, TimeSpan.TicksPerSecond, 100 * TimeSpan.TicksPerMillisecond, 5);
        var driver = new ClosedDriver(state, transport, new ClosedModel(1), time);
        Assert.Null(await driver.OpenAsync(CancellationToken.None));
        await driver.RunAsync(TimeSpan.TicksPerMinute, CancellationToken.None);
        var total = Total(recorder);
        Assert.Equal(5, total.Requests);
        Assert.Equal(30, Milliseconds(total.Latency.Greatest));
        Assert.Equal(0, total.Lag.Greatest);
    }

    private (LoadState State, OpenDispatcher Dispatcher, LoadRecorder Recorder) Start(ScriptedTransport transport, int most, int timeoutMs = 30_000)
    {
        // Without it what a script releases runs on at once, in this thread: nothing is left to chance.
        SynchronizationContext.SetSynchronizationContext(null);
        var recorder = new LoadRecorder(0, 1);
        var state = new LoadState(requests, recorder, new RunClock(time), status => status == 200, timeoutMs * TimeSpan.TicksPerMillisecond);
        started = time.GetTimestamp();
        return (state, new OpenDispatcher(state, transport, most), recorder);
    }

    private void At(int milliseconds) => time.Advance(TimeSpan.FromMilliseconds(milliseconds) - time.GetElapsedTime(started));

    private static Tally Total(LoadRecorder recorder)
    {
        foreach (var _ in recorder.Advance(TimeSpan.TicksPerMinute, all: true))
        {
        }

        return recorder.Total;
    }

    private static double Milliseconds(long ticks) => (double)ticks / TimeSpan.TicksPerMillisecond;
}
