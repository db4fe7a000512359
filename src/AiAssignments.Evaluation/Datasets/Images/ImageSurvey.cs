namespace AiAssignments.Evaluation.Datasets.Images;

/// <summary>Counts what an archive holds, to tell an image dataset from any other archive.</summary>
internal sealed class ImageSurvey
{
    /// <summary>Most classes (folders).</summary>
    public const int MaxClasses = 10_000;

    private readonly SortedSet<string> classes = new(StringComparer.Ordinal);
    private long entries;
    private long named;

    /// <summary>Folder names, sorted by ordinal.</summary>
    public IReadOnlyCollection<string> Classes => classes;

    /// <summary>Whether there are images by name, and they are at least half of what is there.</summary>
    public bool IsPlausible => named > 0 && named * 2 >= entries;

    /// <summary>Whether there are too many folders for these to be classes.</summary>
    public bool TooManyClasses => classes.Count > MaxClasses;

    /// <summary>Counts an entry.</summary>
    public void Add(ImageEntry entry)
    {
        entries++;
        if (entry.Refusal?.Code == "archive-path-escape" || !ImageMagic.HasImageName(entry.File))
        {
            return;
        }

        named++;
        if (entry.Class is not null && !TooManyClasses)
        {
            classes.Add(entry.Class);
        }
    }
}
