namespace AiAssignments.Embedded;

/// <summary>The sample models and datasets that lie beside the program.</summary>
internal static class Bundled
{
    private const string Marker = ".samples-dropped";

    public static IEnumerable<string> Models()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "models");
        return Directory.Exists(folder)
            ? Directory.EnumerateDirectories(folder).Where(model => File.Exists(Path.Combine(model, "model.onnx"))).Order(StringComparer.Ordinal)
            : [];
    }

    public static void DropSamples(DataFolder data)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "samples");
        var marker = Path.Combine(data.Root, Marker);
        if (File.Exists(marker) || !Directory.Exists(folder))
        {
            return;
        }

        foreach (var sample in Directory.EnumerateFiles(folder).Where(IsDataset).Order(StringComparer.Ordinal))
        {
            var target = Path.Combine(data.Datasets, Path.GetFileName(sample));
            if (File.Exists(target))
            {
                // A file of the user's own, or one that was copied before a kill.
                continue;
            }

            // Whole or not there: the watcher looks past names with a leading dot.
            var unfinished = Path.Combine(data.Datasets, $".{Path.GetFileName(sample)}");
            File.Copy(sample, unfinished, overwrite: true);
            File.Move(unfinished, target, overwrite: false);
        }

        File.WriteAllText(marker, string.Empty);
    }

    private static bool IsDataset(string file) => Path.GetExtension(file) is not (".md" or ".txt");
}
