namespace AiAssignments.Evaluation.Datasets.Images;

/// <summary>Tells encoded images by their first bytes and, for a first guess, by their names.</summary>
internal static class ImageMagic
{
    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif"];

    /// <summary>Whether the bytes begin as PNG, JPEG, GIF, BMP or WebP does.</summary>
    public static bool IsImage(ReadOnlySpan<byte> content) =>
        content is [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..]
        || content is [0xFF, 0xD8, 0xFF, ..]
        || content is [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..]
        || content is [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..]
        || (content.Length >= 26 && content is [(byte)'B', (byte)'M', ..]);

    /// <summary>Whether a file name ends as an image's does.</summary>
    public static bool HasImageName(string name) =>
        Array.Exists(Extensions, extension => name.EndsWith(extension, StringComparison.OrdinalIgnoreCase));
}
