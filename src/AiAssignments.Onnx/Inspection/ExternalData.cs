using System.Globalization;
using AiAssignments.Core.Errors;

namespace AiAssignments.Onnx.Inspection;

/// <summary>Follows a tensor's reference to a file beside the graph, and nowhere else (https://github.com/onnx/onnx/blob/main/docs/ExternalData.md).</summary>
internal sealed class ExternalData(string modelPath)
{
    private readonly string folder = Path.GetDirectoryName(Path.GetFullPath(modelPath))!;
    private readonly SortedDictionary<string, long> files = new(StringComparer.Ordinal);

    /// <summary>Files referred to, with their lengths.</summary>
    public IReadOnlyDictionary<string, long> Files => files;

    public void Check(string tensor, long needed, List<KeyValuePair<string, string>> entries)
    {
        foreach (var key in entries.Select(entry => entry.Key).GroupBy(key => key).Where(group => group.Count() > 1))
        {
            throw Problem("onnx-external-data", tensor, $"says '{key.Key}' twice");
        }

        var location = entries.FirstOrDefault(entry => entry.Key == "location").Value;
        if (string.IsNullOrEmpty(location))
        {
            throw Problem("onnx-external-data", tensor, "is external and names no file");
        }

        var offset = Number(entries, "offset", tensor) ?? 0;
        var length = Number(entries, "length", tensor) ?? needed;
        var held = Length(location, tensor);
        if (length != needed)
        {
            throw Problem("onnx-tensor-size", tensor, $"needs {needed} bytes, and its entry says {length}");
        }

        if (offset > held || needed > held - offset)
        {
            throw Problem("onnx-external-data-short", tensor, $"wants {needed} bytes from byte {offset} of '{location}', which has {held}; the download may be incomplete");
        }
    }

    private long Length(string location, string tensor)
    {
        if (files.TryGetValue(location, out var known))
        {
            return known;
        }

        var parts = location.Split('/');
        if (location.Contains('\\') || location.Contains('\0') || location.Contains(':') || Path.IsPathRooted(location)
            || parts.Contains("..") || parts.Contains(string.Empty))
        {
            throw Problem("onnx-external-data-outside", tensor, $"refers to '{location}'; external data must lie in the model's own folder, named by a relative path");
        }

        // Every step is looked at, so that a link half-way cannot lead out of the folder.
        var path = folder;
        foreach (var part in parts)
        {
            path = Path.Combine(path, part);
            FileSystemInfo entry = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
            if (entry.LinkTarget is not null)
            {
                throw Problem("onnx-external-data-link", tensor, $"refers to '{location}' through a link; put the file itself into the model's folder");
            }
        }

        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw Problem("onnx-external-data-missing", tensor, $"refers to '{location}', which is not beside the graph");
        }

        return files[location] = file.Length;
    }

    private long? Number(List<KeyValuePair<string, string>> entries, string key, string tensor)
    {
        if (entries.FirstOrDefault(entry => entry.Key == key).Value is not { } text)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Problem("onnx-external-data", tensor, $"has the {key} '{text}', which is not a number of bytes");
    }

    private ProblemException Problem(string code, string tensor, string what) => new(code, $"Tensor '{tensor}' {what}.", modelPath);
}
