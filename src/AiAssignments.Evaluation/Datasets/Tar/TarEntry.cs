namespace AiAssignments.Evaluation.Datasets.Tar;

/// <summary>One entry of a tar archive.</summary>
/// <param name="Name">Path as the archive spells it. Hostile: never a path to open.</param>
/// <param name="Kind">What it is.</param>
/// <param name="HeaderOffset">Offset of its first header block, long-name and pax blocks included: reading can start here.</param>
/// <param name="DataOffset">Offset of its first byte of content.</param>
/// <param name="Size">Bytes of content.</param>
internal sealed record TarEntry(string Name, TarEntryKind Kind, long HeaderOffset, long DataOffset, long Size)
{
    /// <summary>Offset one past its content and padding.</summary>
    public long End => DataOffset + TarBlock.Padded(Size);
}
