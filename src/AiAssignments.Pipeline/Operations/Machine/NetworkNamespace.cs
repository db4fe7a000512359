namespace AiAssignments.Pipeline.Operations.Machine;

/// <summary>Whose network <c>/proc/net/dev</c> is of (network_namespaces(7)): the machine's, or that of the container alone.</summary>
internal static class NetworkNamespace
{
    /// <summary>
    /// Whether the interfaces to the outside are each one end of a pair whose other end is in another namespace (veth(4)): <c>iflink</c> is then not the interface's own index.
    /// Of a container that shares the machine's network, and of a machine, they are not.
    /// </summary>
    /// <param name="files">The kernel's files.</param>
    public static bool IsOwn(ITextFiles files)
    {
        var names = ProcFiles.OutwardInterfaces(files.Read("/proc/net/dev"));
        return names.Count > 0 && names.TrueForAll(name => files.Read($"/sys/class/net/{name}/ifindex")?.Trim() is { Length: > 0 } index && files.Read($"/sys/class/net/{name}/iflink")?.Trim() is { Length: > 0 } link && link != index);
    }
}
