using AiAssignments.Pipeline.Operations.Machine;

namespace AiAssignments.Tests.Operations;

/// <summary>The layouts that containers come in; figures by hand.</summary>
public sealed class ControlGroupTests
{
    private const string MachineRoot = "36 31 0:33 / /sys/fs/cgroup rw,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate";

    [Fact]
    public void Version_2_in_a_container_with_a_namespace_of_its_own()
    {
        var files = new CapturedFiles
        {
            ["/proc/self/cgroup"] = "0::/\n",
            ["/proc/self/mountinfo"] = "1 0 0:1 / / rw - overlay overlay rw\n" + MachineRoot,
        };
        Fill(files, "/sys/fs/cgroup");
        Check(ControlGroup.Read(files, 8));
    }

    [Fact]
    public void Version_2_in_a_container_that_sees_the_machines_paths()
    {
        var files = new CapturedFiles
        {
            ["/proc/self/cgroup"] = "0::/system.slice/docker-abc.scope\n",
            ["/proc/self/mountinfo"] = "36 31 0:33 /system.slice/docker-abc.scope /sys/fs/cgroup rw - cgroup2 cgroup rw",
        };
        Fill(files, "/sys/fs/cgroup");
        Check(ControlGroup.Read(files, 8));
    }

    [Fact]
    public void Version_2_on_a_machine_where_the_narrowest_limit_above_holds()
    {
        var files = new CapturedFiles
        {
            ["/proc/self/cgroup"] = "0::/kubepods/pod1/c1\n",
            ["/proc/self/mountinfo"] = MachineRoot,
            ["/sys/fs/cgroup/kubepods/memory.max"] = "1000\n",
            ["/sys/fs/cgroup/kubepods/cpu.max"] = "50000 100000\n",
            ["/sys/fs/cgroup/kubepods/pod1/memory.max"] = "max\n",
        };
        Fill(files, "/sys/fs/cgroup/kubepods/pod1/c1");
        var sample = ControlGroup.Read(files, 8)!;
        Assert.Equal(1000, sample.MemoryLimitBytes);
        Assert.Equal(0.5, sample.Cores);
    }

    [Fact]
    public void Version_2_without_a_limit_has_the_machines_cores()
    {
        var files = new CapturedFiles { ["/proc/self/cgroup"] = "0::/user.slice\n", ["/proc/self/mountinfo"] = MachineRoot };
        Fill(files, "/sys/fs/cgroup/user.slice");
        files["/sys/fs/cgroup/user.slice/memory.max"] = "max\n";
        files["/sys/fs/cgroup/user.slice/cpu.max"] = "max 100000\n";
        var sample = ControlGroup.Read(files, 8)!;
        Assert.Null(sample.MemoryLimitBytes);
        Assert.Equal(8, sample.Cores);
    }

    [Theory]
    [InlineData("/docker/abc", "/docker/abc", "")]
    [InlineData("/docker/abc/inner", "/docker/abc", "/inner")]
    [InlineData("/docker/abc", "/", "/docker/abc")]
    [InlineData("/docker/abcdef", "/docker/abc", "")]
    public void Version_1_where_the_mount_is_a_part_of_the_tree(string group, string root, string within)
    {
        var files = new CapturedFiles
        {
            ["/proc/self/cgroup"] = $"4:memory:{group}\n2:cpu,cpuacct:{group}\n7:blkio:{group}\n1:name=systemd:{group}\n0::/\n",
            ["/proc/self/mountinfo"] = $"""
                32 31 0:29 {root} /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
                35 31 0:32 {root} /sys/fs/cgroup/memory rw,relatime master:3 - cgroup cgroup rw,memory
                38 31 0:35 {root} /sys/fs/cgroup/blkio rw,relatime - cgroup cgroup rw,blkio
                41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
                """,
            [$"/sys/fs/cgroup/memory{within}/memory.usage_in_bytes"] = "5000\n",
            [$"/sys/fs/cgroup/memory{within}/memory.stat"] = "inactive_file 7\nhierarchical_memory_limit 8000\ntotal_inactive_file 2000\n",
            [$"/sys/fs/cgroup/cpu,cpuacct{within}/cpuacct.usage"] = "19289902258250\n",
            [$"/sys/fs/cgroup/cpu,cpuacct{within}/cpu.cfs_quota_us"] = "150000\n",
            [$"/sys/fs/cgroup/cpu,cpuacct{within}/cpu.cfs_period_us"] = "100000\n",
            [$"/sys/fs/cgroup/blkio{within}/blkio.throttle.io_service_bytes"] = "8:0 Read 100\n8:0 Write 200\n8:0 Sync 9\n8:16 Read 1\nTotal 301\n",
        };
        var sample = ControlGroup.Read(files, 8)!;
        Assert.Equal(19289.902258250, sample.CpuSeconds, 9);
        Assert.Equal(1.5, sample.Cores);
        Assert.Equal((3000, 8000), (sample.MemoryBytes, sample.MemoryLimitBytes));
        Assert.Equal((101, 200), (sample.DiskReadBytes, sample.DiskWriteBytes));
    }

    [Fact]
    public void Version_1_without_a_limit()
    {
        var files = new CapturedFiles
        {
            ["/proc/self/cgroup"] = "4:memory:/\n2:cpuacct:/\n1:cpu:/\n",
            ["/proc/self/mountinfo"] = "1 0 0:1 / /g/memory rw - cgroup cgroup rw,memory\n2 0 0:2 / /g/cpuacct rw - cgroup cgroup rw,cpuacct\n3 0 0:3 / /g/cpu rw - cgroup cgroup rw,cpu",
            ["/g/memory/memory.usage_in_bytes"] = "5000",
            ["/g/memory/memory.limit_in_bytes"] = "9223372036854771712",
            ["/g/cpuacct/cpuacct.usage"] = "1000000000",
            ["/g/cpu/cpu.cfs_quota_us"] = "-1",
            ["/g/cpu/cpu.cfs_period_us"] = "100000",
        };
        var sample = ControlGroup.Read(files, 4)!;
        Assert.Equal((1.0, 4.0, 5000L), (sample.CpuSeconds, sample.Cores, sample.MemoryBytes));
        Assert.Null(sample.MemoryLimitBytes);
        Assert.Null(sample.DiskReadBytes);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("0::/../../x", "garbage - \n - cgroup2\n1 2 3")]
    [InlineData("nonsense", MachineRoot)]
    public void Without_groups_there_is_no_container(string? cgroup, string? mountinfo)
    {
        var files = new CapturedFiles();
        if (cgroup is not null)
        {
            files["/proc/self/cgroup"] = cgroup;
            files["/proc/self/mountinfo"] = mountinfo!;
        }

        Assert.Null(ControlGroup.Read(files, 2));
    }

    private static void Fill(CapturedFiles files, string folder)
    {
        files[$"{folder}/memory.current"] = "536870912\n";
        files[$"{folder}/memory.max"] = "1073741824\n";
        files[$"{folder}/memory.stat"] = "anon 400000000\nfile 136870912\ninactive_file 36870912\n";
        files[$"{folder}/cpu.stat"] = "usage_usec 12500000\nuser_usec 10000000\nsystem_usec 2500000\nnr_periods 0\n";
        files[$"{folder}/cpu.max"] = "250000 100000\n";
        files[$"{folder}/io.stat"] = "8:0 rbytes=1000 wbytes=2000 rios=1 wios=2 dbytes=0 dios=0\n259:0 rbytes=5 wbytes=6 rios=1 wios=1\n";
    }

    private static void Check(UsageSample? sample)
    {
        Assert.NotNull(sample);
        Assert.Equal(12.5, sample.CpuSeconds);
        Assert.Equal(2.5, sample.Cores);
        Assert.Equal(500_000_000, sample.MemoryBytes);
        Assert.Equal(1_073_741_824, sample.MemoryLimitBytes);
        Assert.Equal((1005, 2006), (sample.DiskReadBytes, sample.DiskWriteBytes));
    }
}
