using System.Globalization;
using AiAssignments.Core.Errors;
using AiAssignments.Onnx.Inspection;

namespace AiAssignments.Optimization.Graphs;

/// <summary>
/// Names of the files that large tensors lie in beside their graph: <c>NAME.data</c>, or <c>NAME.2.data</c> and so on while the graph that is there still needs
/// the first one. So a graph with such a file is replaced in one moment, when the new graph takes the old one's name, and what was killed before or after leaves
/// the old or the new one whole.
/// </summary>
internal static class DataFiles
{
    private const string Extension = ".data";

    /// <summary>A name that neither the present graph nor the model to be written needs.</summary>
    /// <param name="graph">Path of the graph to be written or replaced.</param>
    /// <param name="model">The model to be written, which may still read from files of its own.</param>
    public static string Free(string graph, OnnxModel model)
    {
        var (folder, name, needed) = (Path.GetDirectoryName(graph)!, Path.GetFileName(graph), NeededBy(graph));
        for (var number = 1; ; number++)
        {
            var free = number == 1 ? name + Extension : string.Create(CultureInfo.InvariantCulture, $"{name}.{number}{Extension}");
            var path = Path.Combine(folder, free);
            if (!model.DataFiles.Contains(path) && (needed is null ? !File.Exists(path) : !needed.Contains(path)))
            {
                return free;
            }
        }
    }

    /// <summary>Removes what graphs that were here before have left.</summary>
    /// <param name="graph">Path of the graph.</param>
    /// <param name="kept">The name that it needs; <c>null</c> when it needs none.</param>
    /// <param name="model">The model, whose own files stay.</param>
    public static void RemoveOthers(string graph, string? kept, OnnxModel model)
    {
        var (folder, name) = (Path.GetDirectoryName(graph)!, Path.GetFileName(graph));
        foreach (var path in Directory.EnumerateFiles(folder, name + "*" + Extension).Where(path => IsNumbered(Path.GetFileName(path), name)).ToList())
        {
            if (Path.GetFileName(path) != kept && !model.DataFiles.Contains(path))
            {
                File.Delete(path);
            }
        }
    }

    private static bool IsNumbered(string file, string name) =>
        file == name + Extension
        || (file.Length > name.Length + Extension.Length && file[name.Length] == '.' && int.TryParse(file.AsSpan(name.Length + 1)[..^Extension.Length], NumberStyles.None, CultureInfo.InvariantCulture, out _));

    // What cannot be read needs nothing that we know of: then no file that is there is written over.
    private static HashSet<string>? NeededBy(string graph)
    {
        try
        {
            return File.Exists(graph) ? [.. OnnxInspector.Inspect(graph).ExternalFiles.Select(file => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(graph)!, file)))] : [];
        }
        catch (ProblemException)
        {
            return null;
        }
    }
}
