using System.Formats.Tar;
using System.IO.Compression;
using AiAssignments.Core.Datasets;

namespace AiAssignments.Benchmarks.Scoring;

/// <summary>Real texts of mixed length: IMDB reviews (long) and AG News (short), in turn.</summary>
internal static class BenchmarkTexts
{
    public static List<DatasetRecord> Read(string sharedData, int count)
    {
        var reviews = Reviews(Path.Combine(sharedData, "imdb", "aclImdb_train.tar.gz"), count / 2);
        var news = News(Path.Combine(sharedData, "agnews", "train_subset.csv"), count - reviews.Count);

        // A seeded shuffle stands for the order of a file.
        var texts = reviews.Concat(news).ToArray();
        new Random(11).Shuffle(texts);
        return [.. texts.Select((text, i) => (DatasetRecord)new TextRecord(new(i, 0), text, null, null, []))];
    }

    private static List<string> Reviews(string path, int count)
    {
        using var tar = new TarReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var texts = new List<string>(count);
        while (texts.Count < count && tar.GetNextEntry() is { } entry)
        {
            if (entry.Name.EndsWith(".txt", StringComparison.Ordinal) && entry.DataStream is { } data && entry.Name.Contains('_', StringComparison.Ordinal))
            {
                using var reader = new StreamReader(data);
                texts.Add(reader.ReadToEnd());
            }
        }

        return texts;
    }

    private static List<string> News(string path, int count) =>
        [.. File.ReadLines(path).Where(line => line.Length > 6 && line[0] == '"').Take(count).Select(line => line[5..^1])];
}
