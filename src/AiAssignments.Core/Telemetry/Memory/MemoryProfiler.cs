namespace AiAssignments.Core.Telemetry.Memory;

/// <summary>
/// Measures what pieces of work do to the memory of this process. Each costs two full collections, some ten to some hundred milliseconds in which the whole process stands still,
/// and a thread that takes a sample every 10 ms while anything is measured: switched on for a question, never left on where answers are timed.
/// </summary>
public sealed class MemoryProfiler
{
    /// <summary>Time between samples.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(10);

    private static readonly AsyncLocal<MemoryScope?> Ambient = new();

    private readonly IMemoryProbe probe;
    private readonly TimeProvider time;
    private readonly bool sampling;
    private readonly Lock gate = new();
    private readonly List<MemoryScope> open = [];
    private bool running;

    internal MemoryProfiler(IMemoryProbe probe, TimeProvider time, bool sampling)
    {
        this.probe = probe;
        this.time = time;
        this.sampling = sampling;
    }

    /// <summary>The profiler of this process.</summary>
    public static MemoryProfiler Process { get; } = new(new ProcessMemoryProbe(), TimeProvider.System, sampling: true);

    /// <summary>Begins to measure, for whatever the caller does from here on: what it calls finds the scope by <see cref="Join"/>.</summary>
    /// <param name="subject">What is measured.</param>
    /// <returns>Ends by being disposed.</returns>
    public MemoryScope Begin(string subject)
    {
        probe.Collect();
        var scope = new MemoryScope(this, subject, probe, time, Ambient.Value);
        lock (gate)
        {
            open.Add(scope);
            foreach (var other in open)
            {
                other.Together(open.Count - 1);
            }

            if (sampling && !running)
            {
                running = true;
                new Thread(Sampling) { IsBackground = true, Name = "memory sampler", Priority = ThreadPriority.AboveNormal }.Start();
            }
        }

        Ambient.Value = scope;
        return scope;
    }

    /// <summary>Measures where that is asked for: as <see cref="Begin"/>, or as a part of what already measures this work, whose figures then come with it.</summary>
    /// <param name="asked">Whether to begin when nothing measures yet.</param>
    /// <param name="subject">What is measured.</param>
    /// <returns><c>null</c> when nothing is measured. To be disposed.</returns>
    public MemoryScope? Join(bool asked, string subject) => Ambient.Value is { } outer && outer.Of(this) ? new MemoryScope(outer) : asked ? Begin(subject) : null;

    /// <summary>Takes one sample for all that is open.</summary>
    internal bool Sample()
    {
        var reading = probe.Read();
        lock (gate)
        {
            foreach (var scope in open)
            {
                scope.Take(reading);
            }

            return running = open.Count > 0;
        }
    }

    internal void End(MemoryScope scope, MemoryScope? outer)
    {
        lock (gate)
        {
            open.Remove(scope);
        }

        Ambient.Value = outer;
    }

    private void Sampling()
    {
        do
        {
            Thread.Sleep(Period);
        }
        while (Sample());
    }
}
