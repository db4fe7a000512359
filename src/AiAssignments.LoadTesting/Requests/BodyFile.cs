using AiAssignments.Core.Errors;
using AiAssignments.LoadTesting.Arrivals;

namespace AiAssignments.LoadTesting.Requests;

/// <summary>Bodies of a file: one body, or with the ending <c>.jsonl</c> one a line.</summary>
public static class BodyFile
{
    /// <summary>Largest file, bytes.</summary>
    public const long Largest = 256L << 20;

    private const int LongestLine = 64 << 20;

    /// <summary>Reads it.</summary>
    /// <param name="path">The file.</param>
    /// <returns>One body or more.</returns>
    /// <exception cref="ProblemException"><c>body-file-not-found</c>, <c>body-file-invalid</c>.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw new ProblemException("body-file-not-found", "There is no such file.", path);
        }

        if (file.Length > Largest)
        {
            throw new ProblemException("body-file-invalid", $"The file has {file.Length >> 20} MiB; bodies may have {Largest >> 20} MiB together.", path);
        }

        if (!path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase))
        {
            return [File.ReadAllText(path)];
        }

        using var reader = file.OpenText();
        var lines = new BoundedLines(reader, LongestLine);
        var bodies = new List<string>();
        while (lines.Next() is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                bodies.Add(line);
            }
        }

        return bodies.Count > 0 ? bodies : throw new ProblemException("body-file-invalid", "The file holds no line.", path);
    }
}
