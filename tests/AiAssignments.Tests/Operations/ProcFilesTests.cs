using AiAssignments.Pipeline.Operations.Machine;

namespace AiAssignments.Tests.Operations;

/// <summary>Texts captured on a machine of two cores (Linux 6, one virtio disk), shortened; figures added up by hand.</summary>
public sealed class ProcFilesTests
{
    [Fact]
    public void Processor_time_is_what_was_not_idle_waiting_or_stolen()
    {
        const string Text = """
            cpu  1309158 102491 175437 870319 7861 0 4902 17028 0 0
            cpu0 641843 51890 81400 458137 2045 0 107 8235 0 0
            cpu1 667314 50600 94036 412181 5815 0 4795 8792 0 0
            intr 68212837 0 9
            """;
        var (seconds, cores) = ProcFiles.Cpu(Text)!.Value;
        Assert.Equal(2, cores);
        Assert.Equal((1309158 + 102491 + 175437 + 0 + 4902) / 100.0, seconds, 9);
    }

    [Fact]
    public void Memory_in_use_is_what_is_not_available()
    {
        const string Text = "MemTotal:       24684096 kB\nMemFree:        22540324 kB\nMemAvailable:   24204100 kB\nBuffers:           21600 kB\n";
        Assert.Equal(((24684096L - 24204100L) * 1024, 24684096L * 1024), ProcFiles.Memory(Text)!.Value);
    }

    [Fact]
    public void Disks_are_counted_once_without_partitions_loops_and_what_is_stacked_on_them()
    {
        const string Text = """
               7       0 loop0 9 0 90 0 0 0 0 0 0 0 0
             254       0 vda 11 0 1000 5 22 0 3000 6 0 1 1 0 0 0 0
             254       1 vda1 11 0 1000 5 22 0 3000 6 0 1 1
             259       0 nvme0n1 1 0 20 1 1 0 40 1 0 1 1
             259       1 nvme0n1p1 1 0 20 1 1 0 40 1 0 1 1
             179       0 mmcblk0 1 0 1 1 1 0 2 1 0 1 1
             179       1 mmcblk0p1 1 0 1 1 1 0 2 1 0 1 1
             253       0 dm-0 11 0 1000 5 22 0 3000 6 0 1 1
               8       0 sda 1 0 7 1 1 0 9 1 0 1 1
               8      17 sdb1 1 0 7 1 1 0 9 1 0 1 1
            """;
        Assert.Equal(((1000L + 20 + 1 + 7) * 512, (3000L + 40 + 2 + 9) * 512), ProcFiles.Disks(Text)!.Value);
    }

    [Fact]
    public void Network_is_what_leaves_or_enters_the_machine()
    {
        const string Text = """
            Inter-|   Receive                                                |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                lo: 20923680    9709    0    0    0     0          0         0 20923680    9709    0    0    0     0       0          0
              ifb0:       5       0    0    0    0     0          0         0        5       0    0    0    0     0       0          0
              eth0:1029058524   23472    0    0    0     0          0         0  1211935   15520    0    0    0     0       0          0
            veth12:       7       0    0    0    0     0          0         0        7       0    0    0    0     0       0          0
             wlan0:      10       1    0    0    0     0          0         0       20       1    0    0    0     0       0          0
            """;
        Assert.Equal((1029058534L, 1211955L), ProcFiles.Network(Text)!.Value);
    }

    [Fact]
    public void The_process_counts_what_reached_the_disk()
    {
        const string Text = "rchar: 6976\nwchar: 12\nsyscr: 10\nsyscw: 0\nread_bytes: 4096\nwrite_bytes: 8192\ncancelled_write_bytes: 0\n";
        Assert.Equal((4096L, 8192L), ProcFiles.ProcessIo(Text)!.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("cpu\ncpu0\nMemTotal:\nread_bytes:")]
    [InlineData("cpu  x y z\nMemTotal: many kB\nMemAvailable: -1 GB\nread_bytes: ?")]
    public void What_is_not_as_described_is_not_told(string? text)
    {
        Assert.Null(ProcFiles.Cpu(text));
        Assert.Null(ProcFiles.Memory(text));
        Assert.Null(ProcFiles.ProcessIo(text));
        Assert.Equal(0, ProcFiles.Disks(text)?.Read ?? 0);
        Assert.Equal(0, ProcFiles.Network(text)?.Sent ?? 0);
    }
}
