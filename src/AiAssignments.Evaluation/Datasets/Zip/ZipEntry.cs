namespace AiAssignments.Evaluation.Datasets.Zip;

/// <summary>One entry of a zip archive, as its central directory tells it.</summary>
/// <param name="Name">Path as the archive spells it. Hostile: never a path to open.</param>
/// <param name="Method">0 stored, 8 deflated; anything else cannot be read here.</param>
/// <param name="Encrypted">Whether its content is encrypted.</param>
/// <param name="Link">Whether it is a symbolic link (by its Unix mode).</param>
/// <param name="Crc32">CRC-32 of the content.</param>
/// <param name="CompressedSize">Bytes stored.</param>
/// <param name="Size">Bytes of content, as claimed.</param>
/// <param name="HeaderOffset">Offset of its local header in the file.</param>
public sealed record ZipEntry(
    string Name, int Method, bool Encrypted, bool Link, uint Crc32, long CompressedSize, long Size, long HeaderOffset)
{
    /// <summary>Whether it is a folder.</summary>
    public bool IsFolder => Name.EndsWith('/');
}
