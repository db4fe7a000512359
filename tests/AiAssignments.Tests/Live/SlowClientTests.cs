using System.Diagnostics.Metrics;
using AiAssignments.Core.Telemetry;
using AiAssignments.Embedded.Live;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Live;

/// <summary>What becomes of a client that does not read.</summary>
public sealed class SlowClientTests
{
    private readonly FakeTimeProvider time = new();
    private readonly GatedSocket socket = new();

    [Fact]
    public async Task In_a_full_queue_the_newest_state_of_a_job_takes_the_place_of_the_one_that_waits()
    {
        var client = new SocketClient(socket, "c", new ProgressHubOptions { QueueCapacity = 8 }, time);
        // The first is being written, eight wait.
        for (var message = 0; message < 9; message++)
        {
            client.Send(Message($"job{message}", 0));
        }

        client.Send(Message("job3", 1));
        client.Send(Message("job3", 2));
        Assert.False(socket.IsAborted);

        socket.Let(9);
        await ReadAsync(9);
        Assert.Equal(["job0:0", "job1:0", "job2:0", "job3:2", "job4:0", "job5:0", "job6:0", "job7:0", "job8:0"], socket.Read.Select(Text));
    }

    [Fact]
    public async Task A_new_job_pushes_out_a_state_that_a_newer_one_waits_behind()
    {
        var client = new SocketClient(socket, "c", new ProgressHubOptions { QueueCapacity = 8 }, time);
        client.Send(Message("first", 0));
        for (var message = 0; message < 8; message++)
        {
            client.Send(Message($"job{message % 4}", message));
        }

        client.Send(Message("new", 0));
        socket.Let(9);
        await ReadAsync(9);
        Assert.Equal(["first:0", "job1:1", "job2:2", "job3:3", "job0:4", "job1:5", "job2:6", "job3:7", "new:0"], socket.Read.Select(Text));
    }

    [Fact]
    public void A_client_without_room_for_anothers_last_word_is_dropped()
    {
        using var drops = new Drops();
        var client = new SocketClient(socket, "c", new ProgressHubOptions { QueueCapacity = 8 }, time);
        for (var message = 0; message < 9; message++)
        {
            client.Send(Message($"job{message}", 0));
        }

        Assert.False(socket.IsAborted);
        client.Send(Message("job9", 0));
        Assert.True(socket.IsAborted);
        Assert.True(client.Dropped);
        Assert.True(drops.Count >= 1);
    }

    [Fact]
    public void A_client_whose_queue_stays_full_or_whose_write_never_ends_is_dropped_after_the_limit()
    {
        var options = new ProgressHubOptions { QueueCapacity = 8, SlowClientLimit = TimeSpan.FromSeconds(5) };
        var client = new SocketClient(socket, "c", options, time);
        client.Send(Message("job", 0));
        time.Advance(TimeSpan.FromSeconds(5));
        client.CheckPace();
        Assert.False(socket.IsAborted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        client.CheckPace();
        Assert.True(client.Dropped);
    }

    [Fact]
    public async Task A_client_that_reads_again_in_time_is_kept()
    {
        var options = new ProgressHubOptions { QueueCapacity = 8, SlowClientLimit = TimeSpan.FromSeconds(5) };
        var client = new SocketClient(socket, "c", options, time);
        for (var message = 0; message < 9; message++)
        {
            client.Send(Message($"job{message}", 0));
        }

        time.Advance(TimeSpan.FromSeconds(4));
        socket.Let(1);
        await ReadAsync(1);
        client.Send(Message("job9", 0));
        time.Advance(TimeSpan.FromSeconds(4));
        client.CheckPace();
        client.Send(Message("job9", 1));
        Assert.False(socket.IsAborted);
        socket.Let(100);
        await ReadAsync(10);
        Assert.Equal("job9:1", Text(socket.Read[^1]));
    }

    [Fact]
    public async Task Others_are_told_while_one_does_not_read()
    {
        await using var hub = new ProgressHub(new ProgressHubOptions { QueueCapacity = 8 }, time);
        using var other = new GatedSocket();
        other.Let(1000);
        var slow = new SocketClient(socket, "slow", new ProgressHubOptions { QueueCapacity = 8 }, time);
        var fast = new SocketClient(other, "fast", new ProgressHubOptions { QueueCapacity = 8 }, time);
        Assert.True(await hub.JoinAsync(slow, "jobs", null, CancellationToken.None));
        Assert.True(await hub.JoinAsync(fast, "jobs", null, CancellationToken.None));
        for (var job = 0; job < 50; job++)
        {
            hub.Publish(new Core.Jobs.JobProgress($"j{job}", "t", "completed", 1, 1));
            while (other.Read.Count <= job)
            {
                await Task.Delay(1);
            }
        }

        Assert.True(slow.Dropped);
        Assert.Empty(socket.Read);
        Assert.False(fast.Dropped);
    }

    private static OutgoingMessage Message(string key, int value) => new(System.Text.Encoding.UTF8.GetBytes($$"""{"key":"{{key}}","value":{{value}}}"""), key);

    private static string Text(System.Text.Json.JsonElement message) => $"{message.GetProperty("key").GetString()}:{message.GetProperty("value").GetInt32()}";

    private async Task ReadAsync(int messages)
    {
        for (var waited = 0; socket.Read.Count < messages && waited < 1000; waited++)
        {
            await Task.Delay(5);
        }

        Assert.Equal(messages, socket.Read.Count);
    }

    private sealed class Drops : IDisposable
    {
        private readonly MeterListener listener = new();
        private long count;

        public Drops()
        {
            listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref count, value));
            listener.Start();
            listener.EnableMeasurementEvents(Instruments.SlowClientsDropped);
        }

        public long Count => Interlocked.Read(ref count);

        public void Dispose() => listener.Dispose();
    }
}
