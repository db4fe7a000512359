using System.IO.Compression;
using Microsoft.Net.Http.Headers;

namespace AiAssignments.Http.Responses;

/// <summary>
/// Content codings: brotli, else gzip, when the caller takes them. Only answers of this folder's results are coded; keys, tokens and other secrets are written by others,
/// so that the size of an answer tells nobody of a secret in it (BREACH).
/// </summary>
internal static class ContentCoding
{
    /// <summary>Shorter bodies are sent as they are: a header costs more than is won.</summary>
    public const int Least = 1024;

    /// <summary>The coding to use; <c>null</c> for none.</summary>
    public static string? Choose(HttpRequest request)
    {
        if (request.Headers.AcceptEncoding is not { Count: > 0 } header || !StringWithQualityHeaderValue.TryParseList(header!, out var taken))
        {
            return null;
        }

        return Takes(taken, "br") ? "br" : Takes(taken, "gzip") ? "gzip" : null;
    }

    public static bool IsWorthwhile(string contentType) =>
        contentType.StartsWith("text/", StringComparison.Ordinal) || contentType.StartsWith("application/json", StringComparison.Ordinal) || contentType == "application/jsonl";

    public static byte[] Encode(ReadOnlySpan<byte> content, string coding, CompressionLevel level)
    {
        using var coded = new MemoryStream(content.Length / 3);
        using (var stream = Open(coded, coding, level))
        {
            stream.Write(content);
        }

        return coded.ToArray();
    }

    public static Stream Open(Stream target, string coding, CompressionLevel level) => coding == "br"
        ? new BrotliStream(target, level, leaveOpen: true)
        : new GZipStream(target, level, leaveOpen: true);

    private static bool Takes(IList<StringWithQualityHeaderValue> taken, string coding)
    {
        var any = false;
        foreach (var one in taken)
        {
            if (one.Value.Equals(coding, StringComparison.OrdinalIgnoreCase))
            {
                return one.Quality is not 0;
            }

            any |= one.Value == "*" && one.Quality is not 0;
        }

        return any;
    }
}
