using System.Globalization;
using System.IO.Hashing;
using AiAssignments.Core.Errors;
using Microsoft.Net.Http.Headers;

namespace AiAssignments.Http.Responses;

/// <summary>
/// Entity tags (RFC 9110, 8.8.3). A representation's tag is strong; in a content coding it has the coding's name appended, because its bytes are others.
/// <c>If-Match</c> and <c>If-None-Match</c> may name any of them: they stand for the same content. <c>If-Range</c> may not.
/// </summary>
public static class EntityTags
{
    private static readonly string[] Codings = ["-br", "-gzip"];

    /// <summary>The tag of bytes: the first 16 hex digits of their XXH128.</summary>
    /// <param name="content">The bytes.</param>
    public static string OfContent(ReadOnlySpan<byte> content) => ((ulong)XxHash128.HashToUInt128(content)).ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>A tag as the header has it.</summary>
    /// <param name="tag">The tag, without quotes.</param>
    /// <param name="coding">The content coding; <c>null</c> for none.</param>
    public static string Quote(string tag, string? coding) => coding is null ? $"\"{tag}\"" : $"\"{tag}-{coding}\"";

    /// <summary>Whether the caller has this content already (<c>If-None-Match</c>).</summary>
    /// <param name="request">The request.</param>
    /// <param name="tag">The tag, without quotes.</param>
    public static bool IsKnown(HttpRequest request, string tag) =>
        request.Headers.IfNoneMatch is { Count: > 0 } header && EntityTagHeaderValue.TryParseList(header!, out var tags) && Holds(tags, tag, strong: false);

    /// <summary>Refuses a change of something that is not what the caller saw (<c>If-Match</c>).</summary>
    /// <param name="request">The request.</param>
    /// <param name="tag">The tag of what is there, without quotes.</param>
    /// <exception cref="ProblemException"><c>precondition-failed</c>.</exception>
    public static void Require(HttpRequest request, string tag)
    {
        if (request.Headers.IfMatch is { Count: > 0 } header && !(EntityTagHeaderValue.TryParseList(header!, out var tags) && Holds(tags, tag, strong: true)))
        {
            throw new ProblemException("precondition-failed", $"It is not what If-Match says: its ETag is \"{tag}\". Read it again and decide anew.", "If-Match");
        }
    }

    /// <summary>
    /// Whether a part of the uncoded bytes goes on with what the caller has (<c>If-Range</c>): its tag is the uncoded one, character by character (RFC 9110, 13.1.5).
    /// Who has the beginning of a coded representation has other bytes.
    /// </summary>
    /// <param name="wanted">The condition's tag.</param>
    /// <param name="tag">The tag, without quotes.</param>
    public static bool Continues(EntityTagHeaderValue wanted, string tag) => !wanted.IsWeak && wanted.Tag.Equals(Quote(tag, null), StringComparison.Ordinal);

    private static bool Holds(IList<EntityTagHeaderValue> wanted, string tag, bool strong)
    {
        foreach (var one in wanted)
        {
            if (one.Equals(EntityTagHeaderValue.Any))
            {
                return true;
            }

            var text = one.Tag.AsSpan().Trim('"');
            foreach (var coding in Codings)
            {
                text = text.EndsWith(coding, StringComparison.Ordinal) ? text[..^coding.Length] : text;
            }

            if (text.SequenceEqual(tag) && !(strong && one.IsWeak))
            {
                return true;
            }
        }

        return false;
    }
}
