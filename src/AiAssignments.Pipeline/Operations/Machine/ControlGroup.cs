using AiAssignments.Pipeline.Operations.Machine.Groups;

namespace AiAssignments.Pipeline.Operations.Machine;

/// <summary>
/// What the control group of this process uses and may use (cgroups(7); v2, or v1 where that is mounted). In a container that is the container.
/// The group's path in <c>/proc/self/cgroup</c> is of the machine, what is mounted may be a part of it: <c>/proc/self/mountinfo</c> says which.
/// </summary>
internal static class ControlGroup
{
    /// <summary>Reads it; <c>null</c> when no group tells processor time and memory.</summary>
    /// <param name="files">Where from.</param>
    /// <param name="cores">Cores of the machine.</param>
    public static UsageSample? Read(ITextFiles files, double cores)
    {
        var mounts = GroupMount.Parse(files.Read("/proc/self/mountinfo"));
        var paths = GroupMount.Paths(files.Read("/proc/self/cgroup"));
        return UnifiedGroup.Read(files, mounts, paths, cores) ?? SplitGroup.Read(files, mounts, paths, cores);
    }
}
