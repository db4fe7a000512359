using System.Globalization;
using System.Text;
using AiAssignments.Core.Errors;
using AiAssignments.Pipeline.Uploads;

namespace AiAssignments.Http.Uploads;

/// <summary>Headers of the tus resumable upload protocol 1.0.0 (tus.io/protocols/resumable-upload): core, creation, expiration, checksum, termination.</summary>
internal static class TusProtocol
{
    public const string Version = "1.0.0";
    public const string Extensions = "creation,expiration,checksum,termination";
    public const string ContentType = "application/offset+octet-stream";
    private const int LongestMetadata = 8 * 1024;

    /// <summary>Says the version in the answer, also when it becomes a problem, and refuses another one in the request.</summary>
    public static void Begin(HttpContext context)
    {
        OnStarting(context, "Tus-Resumable", Version);
        var asked = context.Request.Headers["Tus-Resumable"].ToString();
        if (asked != Version)
        {
            OnStarting(context, "Tus-Version", Version);
            throw new ProblemException("precondition-failed", $"The header Tus-Resumable must be {Version}.");
        }
    }

    /// <summary>The headers that tell where an upload stands.</summary>
    public static void Describe(HttpContext context, Upload upload)
    {
        var headers = context.Response.Headers;
        headers["Upload-Offset"] = upload.Offset.ToString(CultureInfo.InvariantCulture);
        headers["Upload-Expires"] = upload.ExpiresAt.ToString("R", CultureInfo.InvariantCulture);
        headers.CacheControl = "no-store";
        if (upload.DatasetId is { } dataset)
        {
            headers["Dataset-Id"] = dataset;
        }
    }

    /// <summary>A header that is a whole number of 0 or more.</summary>
    /// <exception cref="ProblemException"><c>header-invalid</c>.</exception>
    public static long Number(HttpContext context, string header) =>
        long.TryParse(context.Request.Headers[header].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ProblemException("header-invalid", $"The header {header} must be a whole number of 0 or more.");

    /// <summary>Reads <c>Upload-Metadata</c>: pairs separated by commas, each a key, a blank, and a value in base64 (or a key alone).</summary>
    /// <exception cref="ProblemException"><c>header-invalid</c>.</exception>
    public static Dictionary<string, string> Metadata(HttpContext context)
    {
        var header = context.Request.Headers["Upload-Metadata"].ToString();
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        if (header.Length > LongestMetadata)
        {
            throw Invalid();
        }

        foreach (var pair in header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split(' ', 2);
            var bytes = new byte[LongestMetadata];
            var read = 0;
            if (parts.Length == 2 && !Convert.TryFromBase64String(parts[1].Trim(), bytes, out read))
            {
                throw Invalid();
            }

            if (!found.TryAdd(parts[0], Encoding.UTF8.GetString(bytes.AsSpan(0, read))))
            {
                throw Invalid();
            }
        }

        return found;
    }

    /// <summary>Sets a header as the answer starts: whoever writes a problem clears those that are set before.</summary>
    public static void OnStarting(HttpContext context, string header, string value) => context.Response.OnStarting(() =>
    {
        context.Response.Headers[header] = value;
        return Task.CompletedTask;
    });

    private static ProblemException Invalid() =>
        new("header-invalid", $"The header Upload-Metadata must be unlike keys, each with a blank and a value in base64, separated by commas; at most {LongestMetadata} characters.");
}
