using AiAssignments.Core.Errors;
using AiAssignments.LoadTesting.Measuring;
using AiAssignments.LoadTesting.Reports;
using AiAssignments.LoadTesting.Transports;

namespace AiAssignments.LoadTesting.Running;

/// <summary>One load test from its start to its report. A thread of its own watches it, so that a pool with too much to do does not make it blind.</summary>
internal sealed class LoadRun : IDisposable
{
    private const long LongestDrain = 10 * TimeSpan.TicksPerSecond;

    // After the drain, for what was ended to be counted; what has not come back then never will.
    private const long LastPatience = 5 * TimeSpan.TicksPerSecond;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly LoadPlan plan;
    private readonly TimeProvider time;
    private readonly ILoadObserver? observer;
    private readonly RunClock clock;
    private readonly LoadRecorder recorder;
    private readonly LoadState state;
    private readonly ILoadDriver driver;
    private readonly ProcessWatch watch;
    private readonly BatchMeans batches;
    private readonly List<SecondPoint> series = [];
    private readonly List<long> answered = [];
    private readonly CancellationTokenSource stop = new();
    private readonly long warmUp;
    private readonly long end;
    private long toldAt = -TimeSpan.TicksPerSecond;
    private StabilityFigures stability = new(false, 0, 1, null, null);
    private string ended = "time";
    private double processor;

    public LoadRun(LoadPlan plan, ILoadTransport transport, TimeProvider time, ILoadObserver? observer)
    {
        (this.plan, this.time, this.observer) = (plan, time, observer);
        clock = new RunClock(time);
        warmUp = plan.WarmUp.Ticks;
        end = warmUp + plan.Duration.Ticks;
        recorder = new LoadRecorder(warmUp);
        state = new LoadState(plan.Requests, recorder, clock, plan.Accepts, plan.Timeout.Ticks, warmUp, plan.MostRequests);
        driver = plan.Model switch
        {
            ClosedModel closed => new ClosedDriver(state, transport, closed, time),
            OpenModel open => new OpenDriver(state, transport, open, plan.Connections, LoadPlan.ConnectionsOnDemand),
            _ => throw new ArgumentException("The load model is unknown.", nameof(plan)),
        };
        watch = new ProcessWatch(clock);
        batches = new BatchMeans(plan.Model is OpenModel { Steady: false } ? null : plan.Stability);
    }

    public async Task<LoadReport> RunAsync(CancellationToken cancellationToken)
    {
        var problem = await driver.OpenAsync(cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (problem is not null)
        {
            throw new ProblemException("target-unreachable", $"No connection to {plan.Target.Address} came about: {problem}");
        }

        clock.Restart();
        var startedAt = time.GetUtcNow() + plan.WarmUp;
        watch.Restart();
        long sentUntil = 0;
        var sending = driver.RunAsync(end, stop.Token);
        var watching = Task.Factory.StartNew(() => Watch(sending, cancellationToken, out sentUntil), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await watching.ConfigureAwait(false);
        if (!recorder.IsClosed)
        {
            await sending.ConfigureAwait(false);
        }

        Collect(clock.Now, all: true);
        await state.CloseAsync().ConfigureAwait(false);
        var measured = Math.Max(0, sentUntil - warmUp);
        return ReportBuilder.Build(plan, recorder, driver, series, stability, new RunFacts(
            startedAt, measured, ended, answered, processor, watch.Delay(99)));
    }

    public void Dispose() => stop.Dispose();

    // Until all is answered, given up or cut off.
    private void Watch(Task sending, CancellationToken cancellationToken, out long sentUntil)
    {
        sentUntil = 0;
        var warm = warmUp == 0;
        long? drainUntil = null;
        while (!sending.IsCompleted)
        {
            cancellationToken.WaitHandle.WaitOne(drainUntil is null || !cancellationToken.IsCancellationRequested ? Tick : TimeSpan.Zero);
            var now = clock.Now;
            state.EndLate(now);
            watch.Probe();
            if (!warm && now >= warmUp)
            {
                warm = true;
                watch.Restart();

                // That the measured time begins is told at once.
                toldAt = now - TimeSpan.TicksPerSecond;
            }

            Collect(now, all: false);
            Tell(now, drainUntil);
            if (drainUntil is null && (now >= end || cancellationToken.IsCancellationRequested || stability.Stable))
            {
                ended = cancellationToken.IsCancellationRequested ? "interrupted" : now >= end ? "time" : "stable";
                sentUntil = Math.Min(now, end);
                processor = watch.Whole();
                stop.Cancel();
                drainUntil = now + Math.Min(plan.Timeout.Ticks, LongestDrain);
            }
            else if (drainUntil is not null && (now >= drainUntil || cancellationToken.IsCancellationRequested))
            {
                if (cancellationToken.IsCancellationRequested || now >= drainUntil + LastPatience)
                {
                    recorder.Close();
                }

                driver.GiveUp();
                state.EndLate(long.MaxValue - 1);
                if (recorder.IsClosed)
                {
                    return;
                }
            }
        }

        if (drainUntil is null)
        {
            ended = "schedule";
            sentUntil = clock.Now;
            processor = watch.Whole();
        }
    }

    private void Collect(long now, bool all)
    {
        foreach (var (second, tally) in recorder.Advance(now, all))
        {
            double? At(Distribution distribution, double percent) => distribution.Count == 0 ? null : (double)distribution.Percentile(percent) / TimeSpan.TicksPerMillisecond;
            series.Add(new SecondPoint(
                second,
                tally.Offered,
                tally.Requests,
                tally.Failed,
                At(tally.Latency, 50),
                At(tally.Latency, 90),
                At(tally.Latency, 99),
                At(tally.Latency, 100),
                At(tally.Service, 50),
                At(tally.Service, 99),
                state.InFlight,
                driver.Waiting,
                tally.BytesReceived,
                At(tally.Lag, 99),
                watch.Lap()));
            answered.Add(tally.Requests - tally.Failed + tally.Carried);
            batches.Add(tally.Latency);
            stability = batches.Figures();
        }
    }

    private void Tell(long now, long? drainUntil)
    {
        if (observer is null || now - toldAt < TimeSpan.TicksPerSecond / 4)
        {
            return;
        }

        toldAt = now;
        var (phase, elapsed, most) = drainUntil is { } until ? ("draining", now - end, until - end)
            : now < warmUp ? ("warm-up", now, warmUp)
            : ("measuring", now - warmUp, plan.Duration.Ticks);
        observer.OnProgress(new LoadProgress(
            phase, TimeSpan.FromTicks(Math.Max(0, elapsed)), TimeSpan.FromTicks(most), series.Count > 0 ? series[^1] : null, recorder.Total.Requests, recorder.Total.Failed, recorder.Total.Latency.Figures(), stability));
    }
}
