using System.IO.Compression;
using AiAssignments.Http.Responses;

namespace AiAssignments.Http.Pages;

/// <summary>A file of a page, in every coding that it is worth: coded once, with the most effort, when the host starts.</summary>
internal sealed class BundledFile
{
    private readonly byte[] content;
    private readonly byte[]? brotli;
    private readonly byte[]? gzip;

    public BundledFile(string path, byte[] content)
    {
        this.content = content;
        ContentType = MediaTypes.Of(path);
        Tag = EntityTags.OfContent(content);
        if (content.Length >= ContentCoding.Least && ContentCoding.IsWorthwhile(ContentType))
        {
            brotli = ContentCoding.Encode(content, "br", CompressionLevel.SmallestSize);
            gzip = ContentCoding.Encode(content, "gzip", CompressionLevel.SmallestSize);
        }
    }

    public string ContentType { get; }

    /// <summary>Its entity tag, without quotes.</summary>
    public string Tag { get; }

    /// <summary>The bytes to send in a coding (<c>br</c>, <c>gzip</c>, or <c>null</c>), and the coding that they are in.</summary>
    public (byte[] Content, string? Coding) In(string? coding) => (coding, brotli, gzip) switch
    {
        ("br", { } coded, _) => (coded, coding),
        ("gzip", _, { } coded) => (coded, coding),
        _ => (content, null),
    };
}
