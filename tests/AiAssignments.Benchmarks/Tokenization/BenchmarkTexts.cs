using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace AiAssignments.Benchmarks.Tokenization;

/// <summary>Texts and vocabulary files for the tokenization benchmark, read in place.</summary>
internal static class BenchmarkTexts
{
    public static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AiAssignments.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The benchmark must run inside a checkout.");
    }

    /// <summary>The news texts, without class and quotes.</summary>
    public static string[] News(string shared) =>
        [.. File.ReadLines(Path.Combine(shared, "agnews", "train_subset.csv")).Select(line => line[(line.IndexOf(',', StringComparison.Ordinal) + 1)..].Trim('"'))];

    /// <summary>The first film reviews.</summary>
    public static string[] Reviews(string shared, int count)
    {
        using var tar = new TarReader(new GZipStream(File.OpenRead(Path.Combine(shared, "imdb", "aclImdb_train.tar.gz")), CompressionMode.Decompress));
        var reviews = new List<string>();
        while (reviews.Count < count && tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is { Length: > 0 } stream)
            {
                using var reader = new StreamReader(stream);
                reviews.Add(reader.ReadToEnd());
            }
        }

        return [.. reviews];
    }

    /// <summary>Writes <c>vocab.json</c> and <c>merges.txt</c> of a tokenizer.json.</summary>
    public static void WriteBpeFiles(string tokenizerJson, string folder)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(tokenizerJson));
        var model = json.RootElement.GetProperty("model");
        File.WriteAllText(Path.Combine(folder, "vocab.json"), model.GetProperty("vocab").GetRawText());
        File.WriteAllLines(
            Path.Combine(folder, "merges.txt"),
            ["#version: 0.2", .. model.GetProperty("merges").EnumerateArray().Select(merge => $"{merge[0].GetString()} {merge[1].GetString()}")]);
    }
}
