using AiAssignments.Core.Errors;

namespace AiAssignments.LoadTesting.Transports;

/// <summary>Checks headers that a caller wants sent.</summary>
internal static class RequestHeaders
{
    private const string TokenMarks = "!#$%&'*+-.^_`|~";

    // What frames a request is the transport's to say.
    private static readonly string[] Owned = ["Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "TE", "Expect"];

    public static void Check(IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        foreach (var (name, value) in headers)
        {
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || TokenMarks.Contains(c, StringComparison.Ordinal)))
            {
                throw new ProblemException("header-invalid", "A header's name must be a token of HTTP, for example X-Trace.");
            }

            if (value.Any(c => c is < ' ' and not '\t' or > '~'))
            {
                throw new ProblemException("header-invalid", $"The value of the header {name} has a control or non-ASCII character.");
            }

            if (Owned.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                throw new ProblemException("header-invalid", $"The header {name} frames the request, so that it cannot be set.");
            }
        }
    }
}
