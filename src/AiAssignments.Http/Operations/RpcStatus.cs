using Microsoft.AspNetCore.Http.Features;

namespace AiAssignments.Http.Operations;

/// <summary>
/// What a gRPC call came to, as the HTTP status of the same meaning: HTTP's own is 200 whatever happened, and the true one is in the trailer. So what counts errors
/// (alerts, error rates) needs to know one kind of status only. The pairs are those of <c>google/rpc/code.proto</c>, but for a method that there is not: as a path
/// that there is not, it is the caller's mistake (404) and not the server's (501).
/// </summary>
internal static class RpcStatus
{
    private const string Trailer = "grpc-status";
    private const int ClientGone = 499;

    /// <summary>The status; <c>null</c>: the answer is no gRPC's.</summary>
    public static int? Of(HttpContext context)
    {
        var response = context.Response;
        if (response.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) != true)
        {
            return null;
        }

        // An answer that is a refusal and nothing else has it in its headers.
        var said = context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers is { } trailers && trailers.TryGetValue(Trailer, out var trailer)
            ? trailer.ToString()
            : response.Headers[Trailer].ToString();
        return Of(said);
    }

    /// <summary>The HTTP status of a gRPC status code, in digits; a call without one was cut off.</summary>
    internal static int Of(string code) => code switch
    {
        "0" => StatusCodes.Status200OK,
        "1" or "" => ClientGone,
        "3" or "9" or "11" => StatusCodes.Status400BadRequest,
        "4" => StatusCodes.Status504GatewayTimeout,
        "5" or "12" => StatusCodes.Status404NotFound,
        "6" or "10" => StatusCodes.Status409Conflict,
        "7" => StatusCodes.Status403Forbidden,
        "8" => StatusCodes.Status429TooManyRequests,
        "14" => StatusCodes.Status503ServiceUnavailable,
        "16" => StatusCodes.Status401Unauthorized,
        _ => StatusCodes.Status500InternalServerError,
    };
}
