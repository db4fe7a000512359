namespace AiAssignments.Evaluation.Datasets.Tar;

/// <summary>What a tar entry is, as far as a reader of datasets cares.</summary>
internal enum TarEntryKind
{
    /// <summary>A regular file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A hard or symbolic link.</summary>
    Link,

    /// <summary>A device, a pipe, a sparse file, a volume label: nothing a dataset is made of.</summary>
    Other,
}
