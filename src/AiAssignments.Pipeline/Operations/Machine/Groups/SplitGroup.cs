namespace AiAssignments.Pipeline.Operations.Machine.Groups;

/// <summary>Control groups v1: a hierarchy for each controller.</summary>
internal static class SplitGroup
{
    // What "no limit" reads as is the largest multiple of a page; no machine comes near.
    private const long Unlimited = 1L << 60;

    public static UsageSample? Read(ITextFiles files, IReadOnlyList<GroupMount> mounts, IReadOnlyDictionary<string, string> paths, double cores)
    {
        var memory = Folders("memory");
        var used = Text(memory, "memory.usage_in_bytes");
        var time = Text(Folders("cpuacct"), "cpuacct.usage");
        if (used is null || time is null)
        {
            return null;
        }

        var stat = Text(memory, "memory.stat");
        var limit = UnifiedGroup.Value(stat, "hierarchical_memory_limit") ?? (Text(memory, "memory.limit_in_bytes") is { } own ? ProcFiles.Number(own.Trim()) : Unlimited);
        var quota = Folders("cpu").Min(folder => Quota(files.Read($"{folder}/cpu.cfs_quota_us"), files.Read($"{folder}/cpu.cfs_period_us")));
        var (read, written) = Io(Text(Folders("blkio"), "blkio.throttle.io_service_bytes_recursive") ?? Text(Folders("blkio"), "blkio.throttle.io_service_bytes"));
        return new UsageSample(
            ProcFiles.Number(time.Trim()) / 1e9,
            quota is { } part && part < cores ? part : cores,
            Math.Max(0, ProcFiles.Number(used.Trim()) - (UnifiedGroup.Value(stat, "total_inactive_file") ?? 0)),
            limit is > 0 and < Unlimited ? limit : null,
            read,
            written,
            null,
            null);

        IReadOnlyList<string> Folders(string controller) =>
            mounts.FirstOrDefault(mount => mount.Controllers.Contains(controller)) is { } mount && paths.TryGetValue(controller, out var path) ? mount.Folders(path) : [];

        string? Text(IReadOnlyList<string> folders, string name) => folders.Select(folder => files.Read($"{folder}/{name}")).FirstOrDefault(text => text is not null);
    }

    private static double? Quota(string? quota, string? period) =>
        quota is not null && period is not null && ProcFiles.Number(quota.Trim()) is > 0 and var micros && ProcFiles.Number(period.Trim()) is > 0 and var each
            ? (double)micros / each
            : null;

    private static (long? Read, long? Written) Io(string? text)
    {
        if (text is null)
        {
            return (null, null);
        }

        long read = 0, written = 0;
        foreach (var line in ProcFiles.Lines(text))
        {
            var fields = ProcFiles.Fields(line);
            read += fields is [_, "Read", var r] ? ProcFiles.Number(r) : 0;
            written += fields is [_, "Write", var w] ? ProcFiles.Number(w) : 0;
        }

        return (read, written);
    }
}
