using AiAssignments.Inference.Models;

namespace AiAssignments.Pipeline.Optimizations.Cost;

/// <summary>The files that hold a model's graph and weights.</summary>
internal static class GraphFiles
{
    /// <summary>Full paths: the graph, then its external data.</summary>
    public static IEnumerable<string> Of(ModelPackage package)
    {
        var folder = Path.GetDirectoryName(package.OnnxPath)!;
        return package.Signature.ExternalFiles.Select(name => Path.GetFullPath(Path.Combine(folder, name))).Prepend(Path.GetFullPath(package.OnnxPath));
    }
}
