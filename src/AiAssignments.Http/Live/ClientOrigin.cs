using AiAssignments.Core.Errors;

namespace AiAssignments.Http.Live;

/// <summary>Scheme and host as a client knows this server.</summary>
internal static class ClientOrigin
{
    /// <summary>The Origin header where it names this host, because only the client knows of TLS that ends in front of this process; else what the request came on.</summary>
    /// <exception cref="ProblemException"><c>request-malformed</c>: the request names no host, as HTTP/1.0 need not.</exception>
    public static Uri Of(HttpRequest request) =>
        SameHost(request) is { } origin ? origin
        : Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var own) ? own
        : throw new ProblemException("request-malformed", "The request has no Host header that names this server.");

    /// <summary>Whether a browser's page elsewhere sent it. Without the header it was no browser.</summary>
    public static bool IsForeign(HttpRequest request) => request.Headers.Origin.Count > 0 && SameHost(request) is null;

    private static Uri? SameHost(HttpRequest request) =>
        request.Headers.Origin is [{ } text]
        && Uri.TryCreate(text, UriKind.Absolute, out var origin)
        && origin.Scheme is "http" or "https"
        && Uri.TryCreate($"{origin.Scheme}://{request.Host}", UriKind.Absolute, out var own)
        && Uri.Compare(origin, own, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0
            ? own
            : null;
}
