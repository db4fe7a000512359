using System.Collections.Concurrent;
using System.Diagnostics;
using AiAssignments.Core.Datasets;
using AiAssignments.Inference.Serving;
using AiAssignments.InferenceServer.Hosting;
using AiAssignments.Pipeline.Remote;

namespace AiAssignments.IntegrationTests.InferenceServer;

/// <summary>The server as processes: what it says at start-up, and one of three killed under load.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task One_of_three_killed_in_the_middle_of_a_load_costs_no_request()
    {
        var servers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ChildServer.StartAsync("--load", "topic")));
        try
        {
            await using var client = new RemoteInference(new RemoteOptions { Servers = [.. servers.Select(server => server.Address)] });
            var failures = new ConcurrentBag<Exception>();
            var (answered, stop) = (0, false);
            async Task LoadAsync(int seed)
            {
                var record = new TextRecord(new(0, 0), $"Client {seed} reads the news about markets, matches and machines.", null, null, []);
                while (!Volatile.Read(ref stop))
                {
                    try
                    {
                        var served = await client.PredictAsync("topic", null, [record], ServeOptions.Default, default);
                        Assert.Equal(4, served.Records[0].Prediction!.Probabilities.Length);
                        Interlocked.Increment(ref answered);
                    }
                    catch (Exception failure)
                    {
                        failures.Add(failure);
                    }
                }
            }

            async Task AnsweredAsync(int more)
            {
                var target = Volatile.Read(ref answered) + more;
                using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
                while (Volatile.Read(ref answered) < target && failures.IsEmpty)
                {
                    await Task.Delay(5, limit.Token);
                }
            }

            var load = Enumerable.Range(0, 32).Select(i => Task.Run(() => LoadAsync(i))).ToList();
            await AnsweredAsync(500);
            Assert.True(SpinWait.SpinUntil(() => client.Pool.Servers[1].Outstanding > 0, TimeSpan.FromSeconds(30)), "The server to kill has no requests.");
            servers[1].Process.Kill();
            await AnsweredAsync(1000);
            Volatile.Write(ref stop, true);
            await Task.WhenAll(load);
            Assert.True(failures.IsEmpty, $"{failures.Count} of {answered} failed, for example: {failures.FirstOrDefault()}");
            Assert.True(answered >= 1500, $"{answered} answers");
            Assert.True(client.Pool.Servers[1].Failures > 0);
            Assert.All(client.Pool.Servers, server => Assert.Equal(0, server.Outstanding));
        }
        finally
        {
            foreach (var server in servers)
            {
                server.Dispose();
            }
        }
    }

    [Fact]
    public async Task It_says_what_it_runs_on_and_why_and_stops_when_told()
    {
        using var server = await ChildServer.StartAsync("--load", "none", "--device", "cuda");
        Assert.Contains("Running on the CPU (", server.Output, StringComparison.Ordinal);
        Assert.Contains("CUDA was asked for, and", server.Output, StringComparison.Ordinal);
        using var client = new HttpClient { BaseAddress = server.Address };
        Assert.Contains("ai-assignments", await client.GetStringAsync("/v2"), StringComparison.Ordinal);
        using var stop = Process.Start("kill", ["-TERM", $"{server.Process.Id}"]);
        await server.Process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(40));
        Assert.Equal(0, server.Process.ExitCode);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--models", ".", "-h")]
    public async Task Help_tells_about_every_option(params string[] args)
    {
        var (exit, output) = await ChildServer.RunAsync(args);
        Assert.Equal(0, exit);
        var lines = output.Split('\n').Select(line => line.Trim().Split(' ')[0]).ToHashSet();
        Assert.All(ServerOptions.Names.Split(", "), name => Assert.Contains(name, lines));
    }

    [Theory]
    [InlineData("address-not-loopback", "--models", ".", "--urls", "http://0.0.0.0:0")]
    [InlineData("address-not-loopback", "--models", ".", "--grpc-urls", "http://[::]:0")]
    [InlineData("option-invalid", "--models", ".", "--device", "tpu")]
    [InlineData("option-invalid", "--models", ".", "--urls", "https://127.0.0.1:0")]
    [InlineData("option-unknown", "--models", ".", "--modles", "x")]
    [InlineData("option-invalid")]
    [InlineData("models-folder-missing", "--models", "/nowhere/at/all")]
    [InlineData("model-not-found", "--models", ".", "--load", "nothing", "--urls", "http://127.0.0.1:0", "--grpc-urls", "none")]
    public async Task A_start_that_cannot_work_ends_with_one_line(string code, params string[] args)
    {
        var (exit, output) = await ChildServer.RunAsync(args);
        Assert.Equal(1, exit);
        Assert.Contains($"[{code}]", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }
}
