using AiAssignments.Pipeline.Operations;
using AiAssignments.Pipeline.Operations.Machine;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Operations;

/// <summary>Whole trees of kernel files as containers show them, and what no kernel ever wrote.</summary>
[Collection("Instruments")]
public sealed class ContainerTreeTests
{
    private const string Stat = "cpu  1000 0 500 9000 0 0 0 0 0 0\ncpu0 500 0 250 4500 0 0 0 0 0 0\ncpu1 500 0 250 4500 0 0 0 0 0 0\ncpu2 0 0 0 0 0 0 0 0 0 0\ncpu3 0 0 0 0 0 0 0 0 0 0\n";
    private const string Memory = "MemTotal: 8000000 kB\nMemFree: 1 kB\nMemAvailable: 6000000 kB\n";

    [Theory]
    [InlineData("garbage 100000")]
    [InlineData("0 100000")]
    [InlineData("-1 100000")]
    [InlineData("100000 0")]
    [InlineData("100000")]
    [InlineData("100000 100000 100000")]
    [InlineData("99999999999999999999999999 100000")]
    [InlineData("")]
    public void A_quota_that_is_none_leaves_the_machines_cores(string quota)
    {
        var files = Tree();
        files["/sys/fs/cgroup/cpu.max"] = quota + "\n";
        var container = new SystemReader(files, TimeProvider.System).Read().Container!;
        Assert.Equal(4, container.Cores);
    }

    [Theory]
    [InlineData("max", null)]
    [InlineData("", null)]
    [InlineData("-5", null)]
    [InlineData("1073741824", 1_073_741_824L)]
    [InlineData("99999999999999999999999999", null)]
    [InlineData("1e9", null)]
    public void A_memory_limit_is_a_number_or_none(string limit, long? expected)
    {
        var files = Tree();
        files["/sys/fs/cgroup/memory.max"] = limit + "\n";
        var sample = new SystemReader(files, TimeProvider.System).Read();
        Assert.Equal(expected, sample.Container!.MemoryLimitBytes);
        Assert.Equal(expected ?? 8_000_000L * 1024, sample.Process.MemoryLimitBytes);
    }

    [Fact]
    public void A_nested_group_below_a_mount_with_a_blank_in_its_path_is_found()
    {
        var files = Tree();
        files["/proc/self/cgroup"] = "0::/user.slice/app my.scope/worker\n";
        files["/proc/self/mountinfo"] = "36 31 0:33 /user.slice /mnt/c\\040groups rw - cgroup2 cgroup2 rw\n";
        const string Own = "/mnt/c groups/app my.scope/worker";
        files[$"{Own}/memory.current"] = "700\n";
        files[$"{Own}/cpu.stat"] = "usage_usec 2000000\n";
        files["/mnt/c groups/memory.max"] = "9000\n";
        var container = new SystemReader(files, TimeProvider.System).Read().Container!;
        Assert.Equal((700, 9000L, 2.0), (container.MemoryBytes, container.MemoryLimitBytes, container.CpuSeconds));
    }

    [Theory]
    [InlineData("/proc/stat")]
    [InlineData("/proc/meminfo")]
    public void Without_the_machines_files_the_process_is_told_of_alone(string missing)
    {
        var files = Tree();
        files[missing] = "gone\n";
        var sample = new SystemReader(files, TimeProvider.System).Read();
        Assert.Null(sample.Machine);
        Assert.Null(sample.Container);
        Assert.True(sample.Process.MemoryBytes > 0);
    }

    [Theory]
    [InlineData("/sys/fs/cgroup/memory.current")]
    [InlineData("/sys/fs/cgroup/cpu.stat")]
    [InlineData("/proc/self/cgroup")]
    [InlineData("/proc/self/mountinfo")]
    public void Without_a_file_of_the_group_there_is_no_container(string missing)
    {
        var files = Tree();
        files.Remove(missing);
        var sample = new SystemReader(files, TimeProvider.System).Read();
        Assert.Null(sample.Container);
        Assert.NotNull(sample.Machine);
    }

    [Fact]
    public void Whatever_stands_in_the_files_the_report_and_the_tick_are_JSON_with_finite_figures()
    {
        var random = new Random(7);
        var original = Tree();
        string[] pieces = ["0", "-1", "max", "1e308", "NaN", "99999999999999999999", " ", "\n", "\t", ":", "cpu", "cpu0", "kB", "rbytes=", "rbytes=-9", "\0", "\u2028", "🧨", "usage_usec", "inactive_file", "- cgroup2 x rw", "0::/", "/..", "\\040", "\\999"];
        for (var round = 0; round < 400; round++)
        {
            var files = Tree();
            foreach (var path in original.Paths.Where(_ => random.Next(3) == 0).ToList())
            {
                files[path] = random.Next(3) switch
                {
                    // Cut off, changed in one place, or something else altogether.
                    0 => original.Read(path)![..random.Next(original.Read(path)!.Length)],
                    1 => original.Read(path)!.Insert(random.Next(original.Read(path)!.Length), pieces[random.Next(pieces.Length)]),
                    _ => string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => pieces[random.Next(pieces.Length)])),
                };
            }

            var time = new FakeTimeProvider();
            using var monitor = new OperationsMonitor(Path.GetTempPath(), time, files);
            time.Advance(TimeSpan.FromSeconds(5));
            var report = System.Text.Json.JsonSerializer.Serialize(monitor.System(), OperationsMonitor.Json);
            Assert.Contains("\"process\":", report, StringComparison.Ordinal);
            Assert.NotEmpty(System.Text.Json.JsonSerializer.Serialize(monitor.Tick(), OperationsMonitor.Json));
        }
    }

    private static CapturedFiles Tree() => new()
    {
        ["/proc/stat"] = Stat,
        ["/proc/meminfo"] = Memory,
        ["/proc/diskstats"] = " 254 0 vda 11 0 1000 5 22 0 3000 6 0 1 1 0 0 0 0\n",
        ["/proc/net/dev"] = "  eth0: 1000 1 0 0 0 0 0 0 2000 1 0 0 0 0 0 0\n",
        ["/proc/self/io"] = "read_bytes: 4096\nwrite_bytes: 8192\n",
        ["/proc/self/cgroup"] = "0::/\n",
        ["/proc/self/mountinfo"] = "1 0 0:1 / / rw - overlay overlay rw\n36 31 0:33 / /sys/fs/cgroup rw,relatime - cgroup2 cgroup2 rw,nsdelegate\n",
        ["/sys/fs/cgroup/memory.current"] = "536870912\n",
        ["/sys/fs/cgroup/memory.max"] = "1073741824\n",
        ["/sys/fs/cgroup/memory.stat"] = "anon 400000000\ninactive_file 36870912\n",
        ["/sys/fs/cgroup/cpu.stat"] = "usage_usec 12500000\nuser_usec 10000000\n",
        ["/sys/fs/cgroup/cpu.max"] = "200000 100000\n",
        ["/sys/fs/cgroup/io.stat"] = "8:0 rbytes=1000 wbytes=2000 rios=1 wios=2\n",
    };
}
