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

    /// <summary>
    /// A round: every text once. The rate is that of the answers from when as many were given as there are clients until the last text is taken: before, the
    /// load is still coming up, and after, clients fall silent one by one, and it is no longer what it is called.
    /// </summary>
    public void Round(IReadOnlyList<string> texts, int clients, Func<string, Task> ask)
    {
        var (next, answered) = (-1, 0);
        var (began, rate) = (0.0, 0.0);
        var times = new double[texts.Count];
        var watch = Stopwatch.StartNew();
        async Task ClientAsync()
        {
            for (int i; (i = Interlocked.Increment(ref next)) < texts.Count;)
            {
                if (i == texts.Count - 1)
                {
                    rate = (Volatile.Read(ref answered) - clients) / (watch.Elapsed.TotalSeconds - began);
                }

                var start = Stopwatch.GetTimestamp();
                await ask(texts[i]).ConfigureAwait(false);
                times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                if (Interlocked.Increment(ref answered) == clients)
                {
                    began = watch.Elapsed.TotalSeconds;
                }
            }
        }

        Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(ClientAsync))).GetAwaiter().GetResult();
        rates.Add(rate);
        latencies.AddRange(times);
    }

    /// <summary>Latency, ms.</summary>
    public double Percentile(double share) => latencies.Order().ElementAt((int)Math.Min(latencies.Count - 1, Math.Floor(share * latencies.Count)));
}
