using System.Globalization;

namespace AiAssignments.Pipeline.Operations.Machine;

/// <summary>Reads the texts of <c>/proc</c> (proc(5)). A line that is not as described is passed over.</summary>
internal static class ProcFiles
{
    /// <summary>Clock ticks a second in these files; 100 on every Linux that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Bytes of a sector in <c>diskstats</c>, whatever the device has.</summary>
    private const long SectorBytes = 512;

    /// <summary><c>/proc/stat</c>: busy processor time of all cores, and the number of cores.</summary>
    public static (double Seconds, int Cores)? Cpu(string? text)
    {
        double? seconds = null;
        var cores = 0;
        foreach (var line in Lines(text))
        {
            if (!line.StartsWith("cpu", StringComparison.Ordinal) || line.Length == 3)
            {
                continue;
            }

            if (line[3] != ' ')
            {
                cores++;
                continue;
            }

            // user nice system idle iowait irq softirq steal; guest time is in user already. Stolen time was another machine's.
            var fields = Fields(line);
            if (fields.Length >= 8)
            {
                seconds = (Number(fields[1]) + Number(fields[2]) + Number(fields[3]) + Number(fields[6]) + Number(fields[7])) / TicksPerSecond;
            }
        }

        return seconds is { } busy && cores > 0 ? (busy, cores) : null;
    }

    /// <summary><c>/proc/meminfo</c>: what is in use and could not be given back at once, and all.</summary>
    public static (long Used, long Total)? Memory(string? text)
    {
        long? total = null, available = null;
        foreach (var line in Lines(text))
        {
            var fields = Fields(line);
            if (fields is ["MemTotal:", var all, "kB"])
            {
                total = Number(all) * 1024;
            }
            else if (fields is ["MemAvailable:", var free, "kB"])
            {
                available = Number(free) * 1024;
            }
        }

        return total is { } whole && available is { } rest ? (whole - rest, whole) : null;
    }

    /// <summary><c>/proc/diskstats</c>: bytes read and written by whole disks; partitions, loops and stacked devices would count twice.</summary>
    public static (long Read, long Written)? Disks(string? text)
    {
        if (text is null)
        {
            return null;
        }

        long read = 0, written = 0;
        foreach (var line in Lines(text))
        {
            var fields = Fields(line);
            if (fields.Length >= 10 && IsWholeDisk(fields[2]))
            {
                read += Number(fields[5]) * SectorBytes;
                written += Number(fields[9]) * SectorBytes;
            }
        }

        return (read, written);
    }

    /// <summary><c>/proc/net/dev</c>: bytes received and sent by interfaces to the outside; the loopback and what bridges inside would not be, or count twice.</summary>
    public static (long Received, long Sent)? Network(string? text)
    {
        if (text is null)
        {
            return null;
        }

        long received = 0, sent = 0;
        foreach (var (_, fields) in Outward(text))
        {
            received += Number(fields[0]);
            sent += Number(fields[8]);
        }

        return (received, sent);
    }

    /// <summary><c>/proc/net/dev</c>: names of the interfaces that <see cref="Network"/> counts.</summary>
    public static List<string> OutwardInterfaces(string? text) => [.. Outward(text).Select(line => line.Name)];

    /// <summary><c>/proc/self/io</c>: bytes that this process caused to be read from and written to disks.</summary>
    public static (long Read, long Written)? ProcessIo(string? text)
    {
        long? read = null, written = null;
        foreach (var line in Lines(text))
        {
            var fields = Fields(line);
            if (fields is ["read_bytes:", var from])
            {
                read = Number(from);
            }
            else if (fields is ["write_bytes:", var to])
            {
                written = Number(to);
            }
        }

        return read is { } r && written is { } w ? (r, w) : null;
    }

    internal static string[] Lines(string? text) => text?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [];

    internal static string[] Fields(string line) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    internal static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static bool IsWholeDisk(string name) =>
        name.StartsWith("nvme", StringComparison.Ordinal) || name.StartsWith("mmcblk", StringComparison.Ordinal)
            ? !name.Contains('p', StringComparison.Ordinal)
            : (name.StartsWith("sd", StringComparison.Ordinal) || name.StartsWith("vd", StringComparison.Ordinal) || name.StartsWith("xvd", StringComparison.Ordinal) || name.StartsWith("hd", StringComparison.Ordinal))
                && !char.IsAsciiDigit(name[^1]);

    private static IEnumerable<(string Name, string[] Fields)> Outward(string? text)
    {
        foreach (var line in Lines(text))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && Fields(line[(colon + 1)..]) is { Length: >= 9 } fields && line[..colon].Trim() is { Length: > 0 } name && IsOutward(name))
            {
                yield return (name, fields);
            }
        }
    }

    private static bool IsOutward(string name)
    {
        ReadOnlySpan<string> inward = ["lo", "veth", "docker", "br-", "virbr", "ifb", "dummy", "cni", "flannel", "cali", "tap"];
        foreach (var prefix in inward)
        {
            if (prefix == "lo" ? name == prefix : name.StartsWith(prefix, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }
}
