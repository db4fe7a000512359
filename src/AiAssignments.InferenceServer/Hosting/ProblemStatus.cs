using Grpc.Core;

namespace AiAssignments.InferenceServer.Hosting;

/// <summary>What a problem is over HTTP and over gRPC. One table, so that both transports say the same.</summary>
internal static class ProblemStatus
{
    /// <summary>The statuses of a problem's code; what is not listed is the caller's mistake.</summary>
    public static (int Http, StatusCode Rpc) Of(string code) => code switch
    {
        _ when code.EndsWith("-not-found", StringComparison.Ordinal) => (StatusCodes.Status404NotFound, StatusCode.NotFound),
        "request-unauthenticated" => (StatusCodes.Status401Unauthorized, StatusCode.Unauthenticated),
        "request-forbidden" => (StatusCodes.Status403Forbidden, StatusCode.PermissionDenied),
        "queue-full" or "rate-limited" => (StatusCodes.Status429TooManyRequests, StatusCode.ResourceExhausted),
        "request-too-large" => (StatusCodes.Status413PayloadTooLarge, StatusCode.ResourceExhausted),
        "encoding-unsupported" => (StatusCodes.Status415UnsupportedMediaType, StatusCode.Unimplemented),
        "extension-unsupported" => (StatusCodes.Status501NotImplemented, StatusCode.Unimplemented),
        "deadline-exceeded" => (StatusCodes.Status504GatewayTimeout, StatusCode.DeadlineExceeded),
        "model-too-large" => (StatusCodes.Status507InsufficientStorage, StatusCode.ResourceExhausted),
        "model-draining" or "model-not-loaded" or "model-unloaded" or "model-memory-full" or "model-load-failed" => (StatusCodes.Status503ServiceUnavailable, StatusCode.Unavailable),
        "internal-error" or "inference-failed" or "model-output-mismatch" => (StatusCodes.Status500InternalServerError, StatusCode.Internal),
        _ => (StatusCodes.Status400BadRequest, StatusCode.InvalidArgument),
    };

    /// <summary>Whether a problem is this server's or the model's, and so one for the log.</summary>
    public static bool IsOurs(string code) => Of(code).Http == StatusCodes.Status500InternalServerError;
}
