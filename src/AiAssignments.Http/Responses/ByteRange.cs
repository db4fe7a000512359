using AiAssignments.Core.Storage;
using Microsoft.Net.Http.Headers;

namespace AiAssignments.Http.Responses;

/// <summary>The part of a file that a request asks for.</summary>
/// <param name="First">First byte.</param>
/// <param name="Length">Bytes; 0 when the range lies outside of the file.</param>
internal readonly record struct ByteRange(long First, long Length)
{
    /// <summary>
    /// The range; <c>null</c> for the whole file: no <c>Range</c>, one that is no byte range, several (a server may ignore them, RFC 9110, 14.2), or an <c>If-Range</c> that
    /// is not of this file.
    /// </summary>
    public static ByteRange? Of(HttpRequest request, BlobFacts blob, string tag)
    {
        if (!HttpMethods.IsGet(request.Method)
            || request.Headers.Range is not { Count: 1 } header
            || !RangeHeaderValue.TryParse(header.ToString(), out var ranges)
            || ranges.Unit != "bytes"
            || ranges.Ranges.Count != 1
            || !IsOfThisFile(request, blob, tag))
        {
            return null;
        }

        var range = ranges.Ranges.First();
        if (range.From is not { } first)
        {
            var last = Math.Min(range.To!.Value, blob.Length);
            return new ByteRange(blob.Length - last, last);
        }

        return first >= blob.Length ? new ByteRange(0, 0) : new ByteRange(first, Math.Min(range.To ?? long.MaxValue - 1, blob.Length - 1) - first + 1);
    }

    private static bool IsOfThisFile(HttpRequest request, BlobFacts blob, string tag)
    {
        if (request.Headers.IfRange is not { Count: > 0 } header)
        {
            return true;
        }

        // A date is exact to the second, and the file may have changed twice in it: only a tag is trusted.
        return RangeConditionHeaderValue.TryParse(header.ToString(), out var condition) && condition.EntityTag is { } wanted && EntityTags.Continues(wanted, tag);
    }
}
