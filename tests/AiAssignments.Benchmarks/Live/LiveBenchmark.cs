using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace AiAssignments.Benchmarks.Live;

/// <summary>
/// Publish to receive over WebSocket: 100 clients on loopback, each receiving 10 messages a second for 10 s; once all in one group (a message to all), once each in a group of its own
/// (messages spread evenly). Beside it, in turns, a bare Kestrel server that sends the same bytes to the same sockets: what this machine, Kestrel and the clients cost by themselves.
/// Latency is from before publishing to after the client has the whole message; clients and server share one process and its clock.
/// </summary>
public static class LiveBenchmark
{
    private const int Clients = 100;
    private const int PerSecond = 10;
    private const int Seconds = 10;
    private const int Rounds = 2;

    /// <summary>Runs it and writes a Markdown table to the console, or to the file named by the first argument.</summary>
    public static int Run(string[] args)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Machine: {Environment.ProcessorCount} processors, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}, .NET {Environment.Version}; {Clients} clients, {PerSecond} messages/s each for {Seconds} s, {Rounds} rounds in turns; server and clients in one process.");
        text.AppendLine();
        text.AppendLine("| messages | server | received | p50, ms | p99, ms | max, ms | p50 over the bare server's |");
        text.AppendLine("| --- | --- | ---: | ---: | ---: | ---: | ---: |");
        foreach (var shared in new[] { true, false })
        {
            var hub = new List<double>();
            var bare = new List<double>();
            for (var round = 0; round < Rounds; round++)
            {
                hub.AddRange(RoundAsync(new HubContender(), shared).GetAwaiter().GetResult());
                bare.AddRange(RoundAsync(new BareContender(), shared).GetAwaiter().GetResult());
            }

            var limit = Quantile(bare, 0.5);
            Row(shared, "hub", hub, limit);
            Row(shared, "bare Kestrel, same bytes", bare, limit);
        }

        if (args.Length > 0)
        {
            File.WriteAllText(args[0], "# Publish to receive over WebSocket\n\n" + text);
        }

        Console.Write(text);
        return 0;

        void Row(bool shared, string server, List<double> latencies, double limit)
        {
            var p50 = Quantile(latencies, 0.5);
            text.AppendLine(CultureInfo.InvariantCulture, $"| {(shared ? "one to all, 10 a second" : "to one each, 1000 a second in all")} | {server} | {latencies.Count:N0} | {p50:0.000} | {Quantile(latencies, 0.99):0.000} | {latencies.Max():0.0} | {p50 / limit:0.00} |");
        }
    }

    private static async Task<IReadOnlyList<double>> RoundAsync(IContender contender, bool shared)
    {
        await using (contender)
        {
            await contender.StartAsync();
            var readers = new List<LatencyReader>();
            for (var client = 0; client < Clients; client++)
            {
                readers.Add(await LatencyReader.ConnectAsync(await contender.UrlAsync(), $"job:{(shared ? 0 : client)}"));
            }

            // Warm: compiled, connected, sent once.
            await PublishAsync(contender, shared, seconds: 2);
            await Task.Delay(200);
            readers.ForEach(reader => reader.Forget());
            GC.Collect();
            await PublishAsync(contender, shared, Seconds);
            var expected = Clients * PerSecond * Seconds;
            for (var patience = Stopwatch.StartNew(); readers.Sum(reader => reader.Latencies.Count) < expected && patience.Elapsed < TimeSpan.FromSeconds(10);)
            {
                await Task.Delay(50);
            }

            var latencies = readers.SelectMany(reader => reader.Latencies).ToList();
            readers.ForEach(reader => reader.Dispose());
            return latencies.Count == expected ? latencies : throw new InvalidOperationException($"{latencies.Count} messages arrived of {expected}.");
        }
    }

    // On a thread of its own, so that pacing waits for nobody, and takes no thread from the pool that server and clients run on.
    private static Task PublishAsync(IContender contender, bool shared, int seconds)
    {
        var published = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            var perSecond = shared ? PerSecond : PerSecond * Clients;
            var start = Stopwatch.GetTimestamp();
            for (var message = 0; message < perSecond * seconds; message++)
            {
                var due = TimeSpan.FromSeconds((double)message / perSecond);
                while (Stopwatch.GetElapsedTime(start) < due)
                {
                    Thread.Sleep(Math.Max(0, (int)(due - Stopwatch.GetElapsedTime(start)).TotalMilliseconds));
                }

                contender.Publish(shared ? 0 : message % Clients);
            }

            published.SetResult();
        });
        thread.Start();
        return published.Task;
    }

    private static double Quantile(List<double> values, double quantile)
    {
        var sorted = values.Order().ToList();
        return sorted[Math.Clamp((int)Math.Ceiling(quantile * sorted.Count) - 1, 0, sorted.Count - 1)];
    }
}
