using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Microsoft.ML.OnnxRuntime;

namespace AiAssignments.Inference.Runtime;

/// <summary>Reads the facts of this machine.</summary>
public static class MachineProbe
{
    /// <summary>Reads them. Never throws; what cannot be read is named so.</summary>
    /// <param name="executionProvider">Where the model runs: <c>CPU</c> or <c>CUDA</c>.</param>
    public static MachineDescription Read(string executionProvider = "CPU") => new(
        Processor(),
        Cores.Logical,
        InstructionSets(),
        MemoryBytes(),
        SystemName(),
        RuntimeInformation.FrameworkDescription,
        OrtEnv.Instance().GetVersionString(),
        executionProvider,
        ProcessTuning.Describe());

    private static string Processor() =>
        Lines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? RuntimeInformation.ProcessArchitecture.ToString();

    private static string InstructionSets()
    {
        (string Name, bool Present)[] sets =
        [
            ("AVX2", Avx2.IsSupported),
            ("FMA", Fma.IsSupported),
            ("AVX-512F", Avx512F.IsSupported),
            ("AVX-512BW", Avx512BW.IsSupported),
            ("AVX-VNNI", AvxVnni.IsSupported || Flag("avx512_vnni")),
            ("AMX", Flag("amx_tile")),
            ("NEON", AdvSimd.IsSupported),
            ("DotProd", Dp.IsSupported),
        ];
        var present = sets.Where(set => set.Present).Select(set => set.Name).ToList();
        return present.Count == 0 ? "none of note" : string.Join(", ", present);
    }

    private static bool Flag(string name) =>
        Lines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal)) is { } flags
        && flags.Split(' ').Contains(name);

    /// <summary>Memory of the machine, or of the container when that is less.</summary>
    internal static long MemoryBytes()
    {
        var machine = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (Lines("/proc/meminfo").FirstOrDefault(line => line.StartsWith("MemTotal:", StringComparison.Ordinal)) is { } total
            && long.TryParse(total["MemTotal:".Length..].Replace("kB", string.Empty, StringComparison.Ordinal), CultureInfo.InvariantCulture, out var kilobytes))
        {
            machine = kilobytes * 1024;
        }

        return ControlGroupLimit() is { } limit && limit < machine ? limit : machine;
    }

    // cgroup v2: the limit may stand on any group above ours, and the least one holds.
    private static long? ControlGroupLimit()
    {
        long? least = null;
        var group = Lines("/proc/self/cgroup").FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal))?[3..];
        for (; !string.IsNullOrEmpty(group); group = group == "/" ? null : Path.GetDirectoryName(group))
        {
            var text = Lines($"/sys/fs/cgroup{group.TrimEnd('/')}/memory.max").FirstOrDefault();
            if (long.TryParse(text, CultureInfo.InvariantCulture, out var bytes) && bytes < (least ?? long.MaxValue))
            {
                least = bytes;
            }
        }

        return least;
    }

    private static string SystemName() =>
        Lines("/etc/os-release").FirstOrDefault(line => line.StartsWith("PRETTY_NAME=", StringComparison.Ordinal)) is { } name
            ? name["PRETTY_NAME=".Length..].Trim('"')
            : RuntimeInformation.OSDescription;

    private static string[] Lines(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
