using System.Diagnostics;
using System.Globalization;
using System.Text;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Tokenization.Reference;

/// <summary>Hugging Face's tokenizers 0.23.2, run through node (npm ci in the folder "reference" puts it there).</summary>
internal static class ReferenceTokenizer
{
    public static string Folder { get; } = Path.Combine(RepositoryRoot.Path, "tests", "AiAssignments.Tests", "Tokenization", "reference");

    public static string? Missing(string[] sharedPaths)
    {
        var missing = sharedPaths.FirstOrDefault(path => !SharedData.Has(path));
        return missing is not null ? $"needs shared/data/{missing}, which is not on this machine"
            : !Directory.Exists(Path.Combine(Folder, "node_modules", "tokenizers")) ? "needs the npm package tokenizers: run npm ci in tests/AiAssignments.Tests/Tokenization/reference"
            : null;
    }

    /// <summary>Encodes with the reference.</summary>
    /// <param name="definition">Path of a tokenizer.json.</param>
    /// <param name="inputs">What to encode.</param>
    /// <param name="hash">Answer hashes instead of encodings.</param>
    /// <param name="truncation">Truncation as a JSON object; <c>null</c> for none.</param>
    /// <returns>A line for each input.</returns>
    public static List<string> Encode(string definition, IEnumerable<ReferenceInput> inputs, bool hash, string? truncation = null)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("inputs.jsonl");
        using (var writer = new StreamWriter(path))
        {
            writer.Write($"{{\"tokenizer\":{Json(definition)},\"hash\":{(hash ? "true" : "false")}");
            writer.Write(truncation is null ? "}\n" : $",\"truncation\":{truncation}}}\n");
            foreach (var input in inputs)
            {
                writer.Write(input.Words is not null ? $"{{\"words\":[{string.Join(',', input.Words.Select(Json))}]}}\n"
                    : input.Pair is not null ? $"{{\"text\":{Json(input.Text)},\"pair\":{Json(input.Pair)}}}\n"
                    : $"{{\"text\":{Json(input.Text)}}}\n");
            }
        }

        using var process = Process.Start(new ProcessStartInfo("node", ["encode.mjs", path])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("node did not start.");
        var lines = new List<string>();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return lines;
    }

    // Every UTF-16 unit is written by its number, so that unpaired surrogates arrive as they are.
    private static string Json(string text)
    {
        var json = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            if (c is >= ' ' and < '\u007f' and not '"' and not '\\')
            {
                json.Append(c);
            }
            else
            {
                json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
        }

        return json.Append('"').ToString();
    }
}
