using System.Globalization;

namespace AiAssignments.Pipeline.Operations.Machine.Groups;

/// <summary>Control groups v2: one hierarchy, <c>cpu.stat</c>, <c>memory.current</c>, <c>io.stat</c>.</summary>
internal static class UnifiedGroup
{
    public static UsageSample? Read(ITextFiles files, IReadOnlyList<GroupMount> mounts, IReadOnlyDictionary<string, string> paths, double cores)
    {
        if (mounts.FirstOrDefault(mount => mount.Controllers.Count == 0) is not { } mount || !paths.TryGetValue(string.Empty, out var path))
        {
            return null;
        }

        var folders = mount.Folders(path);
        // The root group of a machine has no memory.current: nobody limits it, and the machine's figures are its own. Where a group lacks a controller, the one above has its figures.
        if (folders.FirstOrDefault(folder => files.Read($"{folder}/memory.current") is not null) is not { } own
            || Value(files.Read($"{own}/cpu.stat"), "usage_usec") is not { } micros)
        {
            return null;
        }

        var current = ProcFiles.Number(files.Read($"{own}/memory.current")!.Trim());
        var reclaimable = Value(files.Read($"{own}/memory.stat"), "inactive_file") ?? 0;
        var (read, written) = Io(files.Read($"{own}/io.stat"));
        return new UsageSample(
            micros / 1e6,
            folders.Min(folder => Quota(files.Read($"{folder}/cpu.max"))) is { } quota && quota < cores ? quota : cores,
            Math.Max(0, current - reclaimable),
            folders.Min(folder => Limit(files.Read($"{folder}/memory.max"))),
            read,
            written,
            null,
            null);
    }

    /// <summary>The number after a name in a flat-keyed file.</summary>
    internal static long? Value(string? text, string name)
    {
        foreach (var line in ProcFiles.Lines(text))
        {
            if (ProcFiles.Fields(line) is [var key, var value] && key == name)
            {
                return ProcFiles.Number(value);
            }
        }

        return null;
    }

    private static double? Quota(string? text) =>
        text is not null && ProcFiles.Fields(text) is [var quota, var period] && ProcFiles.Number(quota) is > 0 and var micros && ProcFiles.Number(period) is > 0 and var each
            ? (double)micros / each
            : null;

    private static long? Limit(string? text) => long.TryParse(text?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : null;

    private static (long? Read, long? Written) Io(string? text)
    {
        if (text is null)
        {
            return (null, null);
        }

        long read = 0, written = 0;
        foreach (var line in ProcFiles.Lines(text))
        {
            foreach (var field in ProcFiles.Fields(line).Skip(1))
            {
                read += field.StartsWith("rbytes=", StringComparison.Ordinal) ? ProcFiles.Number(field[7..]) : 0;
                written += field.StartsWith("wbytes=", StringComparison.Ordinal) ? ProcFiles.Number(field[7..]) : 0;
            }
        }

        return (read, written);
    }
}
