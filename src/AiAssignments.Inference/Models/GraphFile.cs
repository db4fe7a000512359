using AiAssignments.Core.Errors;

namespace AiAssignments.Inference.Models;

/// <summary>Finds the graph of a model.</summary>
internal static class GraphFile
{
    /// <summary>The model's folder, its graph, and a sentence when the choice should be said.</summary>
    public static (string Folder, string Onnx, string? Note) Find(string path)
    {
        if (File.Exists(path))
        {
            var file = Path.GetFullPath(path);
            return (Path.GetDirectoryName(file)!, file, null);
        }

        if (!Directory.Exists(path))
        {
            throw new ProblemException("model-missing", "There is no such folder or file.", path);
        }

        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        foreach (var usual in new[] { "model.onnx", "onnx/model.onnx" })
        {
            if (File.Exists(Path.Combine(folder, usual)))
            {
                return (folder, Path.Combine(folder, usual), null);
            }
        }

        var others = new[] { folder, Path.Combine(folder, "onnx") }.Where(Directory.Exists)
            .SelectMany(each => Directory.EnumerateFiles(each, "*.onnx")).Take(20).Order(StringComparer.Ordinal).ToList();
        return others switch
        {
            [] => throw new ProblemException("model-missing", "The folder has neither model.onnx nor onnx/model.onnx.", path),
            [var only] => (folder, only, $"The folder has no model.onnx; its only graph, {Path.GetRelativePath(folder, only)}, is used."),
            _ => throw new ProblemException("model-ambiguous", $"The folder has no model.onnx and {others.Count} other graphs ({string.Join(", ", others.Select(Path.GetFileName))}); name one of the files.", path),
        };
    }
}
