using System.Text.Json;
using AiAssignments.Pipeline.Operations;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Operations;

[Collection("Instruments")]
public sealed class OperationsMonitorTests
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly CapturedFiles files = new();

    [Fact]
    public void Rates_are_of_their_window_and_peaks_are_kept()
    {
        Machine(busySeconds: 0, usedKilobytes: 1000, sectors: 0, received: 0);
        using var monitor = new OperationsMonitor(Path.GetTempPath(), time, files);
        // Four minutes at rest but for one moment of much memory, then one minute of half a core of two, 1 MiB/s read and 100 B/s received.
        for (var second = 5; second <= 240; second += 5)
        {
            Machine(0, second == 120 ? 9000 : 1000, 0, 0);
            time.Advance(TimeSpan.FromSeconds(5));
        }

        for (var second = 5; second <= 60; second += 5)
        {
            Machine(second * 0.5, 2000, second * 2048L, second * 100L);
            time.Advance(TimeSpan.FromSeconds(5));
        }

        var report = monitor.System();
        Assert.Equal(time.GetUtcNow(), report.At);
        var minute = report.Windows["1m"].Machine!;
        Assert.Equal(60, minute.Seconds, 6);
        Assert.Equal(25, minute.CpuPercent!.Value, 6);
        Assert.Equal(2, minute.Cores);
        Assert.Equal(1 << 20, minute.DiskReadBytesPerSecond!.Value, 6);
        Assert.Equal(100, minute.NetworkReceiveBytesPerSecond!.Value, 6);
        Assert.Equal(2000 * 1024, minute.PeakMemoryBytes);

        var five = report.Windows["5m"].Machine!;
        Assert.Equal(300, five.Seconds, 6);
        Assert.Equal(5, five.CpuPercent!.Value, 6);
        Assert.Equal(9000 * 1024, five.PeakMemoryBytes);
        Assert.Equal(10_000 * 1024, five.MemoryLimitBytes);
        Assert.Null(report.Container);
        Assert.True(report.Process.MemoryBytes > 1 << 20);
        Assert.True(report.Disk!.FreeBytes > 0);
        Assert.Equal(["1m", "5m", "15m"], report.Windows.Keys);
    }

    [Fact]
    public void A_tick_tells_of_the_second_before_it_in_the_agreed_shape()
    {
        Machine(0, 1000, 0, 0);
        using var monitor = new OperationsMonitor(Path.GetTempPath(), time, files);
        Machine(1, 1000, 8, 50);
        time.Advance(TimeSpan.FromSeconds(1));
        monitor.Tick();
        Machine(3, 1500, 24, 50);
        time.Advance(TimeSpan.FromSeconds(1));
        var tick = JsonSerializer.SerializeToElement(monitor.Tick(), OperationsMonitor.Json);

        Assert.Equal("metrics", tick.GetProperty("kind").GetString());
        var system = tick.GetProperty("system");
        Assert.Equal(100, system.GetProperty("cpuPercent").GetDouble(), 6);
        Assert.Equal(1500 * 1024, system.GetProperty("memoryBytes").GetInt64());
        Assert.Equal(16 * 512, system.GetProperty("diskReadBytesPerSecond").GetDouble(), 6);
        Assert.Equal(0, system.GetProperty("networkReceiveBytesPerSecond").GetDouble(), 6);
        string[] told = ["cpuPercent", "memoryBytes", "memoryLimitBytes", "diskReadBytesPerSecond", "diskWriteBytesPerSecond", "diskFreeBytes", "networkReceiveBytesPerSecond", "networkSendBytesPerSecond", "gpu"];
        Assert.Equal(told, system.EnumerateObject().Select(property => property.Name));
        string[] asked = ["activeConnections", "requestsPerSecond", "averageMs", "p50Ms", "p95Ms", "p99Ms", "errorRate", "cacheHitRate", "queueLength"];
        Assert.Equal(asked, tick.GetProperty("application").EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public void In_a_container_with_a_limit_the_tick_tells_of_the_container()
    {
        Machine(0, 1000, 0, 0);
        files["/proc/self/cgroup"] = "0::/\n";
        files["/proc/self/mountinfo"] = "36 31 0:33 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw";
        files["/sys/fs/cgroup/memory.current"] = "700\n";
        files["/sys/fs/cgroup/memory.max"] = "4000\n";
        files["/sys/fs/cgroup/cpu.max"] = "50000 100000\n";
        files["/sys/fs/cgroup/cpu.stat"] = "usage_usec 0\n";
        using var monitor = new OperationsMonitor(Path.GetTempPath(), time, files);
        files["/sys/fs/cgroup/cpu.stat"] = "usage_usec 250000\n";
        time.Advance(TimeSpan.FromSeconds(1));
        var system = monitor.Tick().System;
        Assert.Equal(50, system.CpuPercent!.Value, 6);
        Assert.Equal((700, 4000), (system.MemoryBytes, system.MemoryLimitBytes));
    }

    [Theory]
    [InlineData("2", "17", true)]
    [InlineData("2", "2", false)]
    public void The_network_of_a_container_is_told_as_its_own_where_it_has_one(string index, string link, bool own)
    {
        files["/proc/self/cgroup"] = "0::/\n";
        files["/proc/self/mountinfo"] = "36 31 0:33 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw";
        files["/sys/fs/cgroup/memory.current"] = "700\n";
        files["/sys/fs/cgroup/cpu.stat"] = "usage_usec 0\n";
        files["/sys/class/net/eth0/ifindex"] = index + "\n";
        files["/sys/class/net/eth0/iflink"] = link + "\n";
        Machine(0, 1000, 0, received: 0);
        using var monitor = new OperationsMonitor(Path.GetTempPath(), time, files);
        Machine(0, 1000, 0, received: 500);
        time.Advance(TimeSpan.FromSeconds(5));
        var report = monitor.System();
        var (has, lacks) = own ? (report.Container!, report.Machine!) : (report.Machine!, report.Container!);
        Assert.Equal(100, has.NetworkReceiveBytesPerSecond!.Value, 6);
        Assert.Equal(0, has.NetworkSendBytesPerSecond!.Value, 6);
        Assert.Null(lacks.NetworkReceiveBytesPerSecond);
        Assert.Equal(100, monitor.Tick().System.NetworkReceiveBytesPerSecond!.Value, 6);
    }

    private void Machine(double busySeconds, long usedKilobytes, long sectors, long received)
    {
        files["/proc/stat"] = FormattableString.Invariant($"cpu  {busySeconds * 100} 0 0 0 0 0 0 0 0 0\ncpu0 0\ncpu1 0\n");
        files["/proc/meminfo"] = $"MemTotal: 10000 kB\nMemAvailable: {10_000 - usedKilobytes} kB\n";
        files["/proc/diskstats"] = $" 8 0 sda 1 0 {sectors} 1 1 0 0 1 0 1 1\n";
        files["/proc/net/dev"] = $" eth0: {received} 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n";
    }
}
