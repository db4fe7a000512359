using System.Diagnostics;

namespace AiAssignments.Benchmarks.Serving;

/// <summary>Clients that each ask again as soon as they are answered.</summary>
internal sealed class ClosedLoad
{
    private readonly List<double> rates = [];
    private readonly List<double> latencies = [];

    /// <summary>Requests a second, median of the rounds.</summary>
    public double Rate => rates.Order().ElementAt(rates.Count / 2);

    /// <summary>Best round.</summary>
    public double Best => rates.Max();

    /// <summary>A round: every text once.</summary>
    public void Round(IReadOnlyList<string> texts, int clients, Func<string, Task> ask)
    {
        var next = -1;
        var times = new double[texts.Count];
        async Task ClientAsync()
        {
            for (int i; (i = Interlocked.Increment(ref next)) < texts.Count;)
            {
                var start = Stopwatch.GetTimestamp();
                await ask(texts[i]).ConfigureAwait(false);
                times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        }

        var watch = Stopwatch.StartNew();
        Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(ClientAsync))).GetAwaiter().GetResult();
        rates.Add(texts.Count / watch.Elapsed.TotalSeconds);
        latencies.AddRange(times);
    }

    /// <summary>Latency, ms.</summary>
    public double Percentile(double share) => latencies.Order().ElementAt((int)Math.Min(latencies.Count - 1, Math.Floor(share * latencies.Count)));
}
