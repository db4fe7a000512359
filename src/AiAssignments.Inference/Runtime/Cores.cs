namespace AiAssignments.Inference.Runtime;

/// <summary>Processors that this process may use.</summary>
public static class Cores
{
    /// <summary>Logical processors: affinity and the CPU limit of the container are taken into account (by .NET).</summary>
    public static int Logical => Environment.ProcessorCount;

    /// <summary>
    /// Physical cores, at most <see cref="Logical"/>. Matrix kernels fill a core's arithmetic units, so that a second thread on one core only gets in the way.
    /// On Linux from <c>/proc/cpuinfo</c>; elsewhere the logical ones.
    /// </summary>
    public static int Physical { get; } = Math.Clamp(CountPhysical(), 1, Math.Max(1, Environment.ProcessorCount));

    internal static int CountPhysical(IEnumerable<string> lines)
    {
        var seen = new HashSet<(string, string)>();
        var package = "0";
        foreach (var line in lines)
        {
            if (Value(line, "physical id") is { } socket)
            {
                package = socket;
            }
            else if (Value(line, "core id") is { } core)
            {
                seen.Add((package, core));
            }
        }

        return seen.Count;
    }

    private static int CountPhysical()
    {
        try
        {
            var count = OperatingSystem.IsLinux() ? CountPhysical(File.ReadLines("/proc/cpuinfo")) : 0;
            return count > 0 ? count : Environment.ProcessorCount;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return Environment.ProcessorCount;
        }
    }

    private static string? Value(string line, string name)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && line.AsSpan(0, colon).Trim().SequenceEqual(name) ? line[(colon + 1)..].Trim() : null;
    }
}
