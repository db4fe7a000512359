using System.Text.RegularExpressions;

namespace AiAssignments.Pipeline.Operations.Machine.Groups;

/// <summary>A mounted hierarchy of control groups.</summary>
/// <param name="Controllers">Its controllers (v1); empty for v2.</param>
/// <param name="Root">The group that is mounted, as a path of the machine.</param>
/// <param name="Point">Where it is mounted.</param>
internal sealed partial record GroupMount(IReadOnlyList<string> Controllers, string Root, string Point)
{
    /// <summary>The mounts of <c>/proc/self/mountinfo</c>.</summary>
    public static IReadOnlyList<GroupMount> Parse(string? mountinfo)
    {
        var mounts = new List<GroupMount>();
        foreach (var line in ProcFiles.Lines(mountinfo))
        {
            // id parent major:minor root point options [optional...] - type source super-options
            var halves = line.Split(" - ", 2);
            var left = ProcFiles.Fields(halves[0]);
            var right = halves.Length == 2 ? ProcFiles.Fields(halves[1]) : [];
            if (left.Length >= 5 && right is ["cgroup2", ..])
            {
                mounts.Add(new GroupMount([], Unescape(left[3]), Unescape(left[4])));
            }
            else if (left.Length >= 5 && right is ["cgroup", _, var options, ..])
            {
                mounts.Add(new GroupMount(options.Split(','), Unescape(left[3]), Unescape(left[4])));
            }
        }

        return mounts;
    }

    /// <summary>The groups of <c>/proc/self/cgroup</c> by controller; the one of v2 under an empty name.</summary>
    public static IReadOnlyDictionary<string, string> Paths(string? cgroup)
    {
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in ProcFiles.Lines(cgroup))
        {
            var parts = line.Split(':', 3);
            if (parts.Length == 3)
            {
                foreach (var controller in parts[1].Split(','))
                {
                    paths[controller] = parts[2];
                }
            }
        }

        return paths;
    }

    // Blanks, tabs, line ends and backslashes are written as a backslash and three octal digits (proc(5)).
    private static string Unescape(string path) => path.Contains('\\', StringComparison.Ordinal)
        ? OctalEscape().Replace(path, static escape => ((char)Convert.ToInt32(escape.Groups[1].Value, 8)).ToString())
        : path;

    [GeneratedRegex(@"\\([0-3][0-7]{2})", RegexOptions.CultureInvariant)]
    private static partial Regex OctalEscape();

    /// <summary>Folders from a group up to the one that is mounted, the group's own first.</summary>
    /// <param name="path">The group's path on the machine.</param>
    public IReadOnlyList<string> Folders(string path)
    {
        var root = Root.TrimEnd('/');
        // Another namespace's view (/../..) or a group that is not under the mount: what is mounted is as near as can be told.
        var within = (path == root || path.StartsWith(root + "/", StringComparison.Ordinal)) && !path.Contains("..", StringComparison.Ordinal) ? path[root.Length..].TrimEnd('/') : string.Empty;
        var folders = new List<string>();
        for (; within.Length > 0; within = within[..within.LastIndexOf('/')])
        {
            folders.Add(Point + within);
        }

        folders.Add(Point);
        return folders;
    }
}
