using System.Globalization;
using System.Text;
using AiAssignments.Core.Errors;
using AiAssignments.InferenceServer.Hosting;
using Grpc.Core;

namespace AiAssignments.InferenceServer.Rpc;

/// <summary>A problem as gRPC has it: a status, its stable code and the wait before another try beside it.</summary>
internal static class RpcProblem
{
    private const string ContentType = "application/grpc";

    /// <summary>Whether a request is a gRPC call, whose caller understands no other answer.</summary>
    public static bool IsCall(HttpRequest request) =>
        request.ContentType is { } type && type.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase) && (type.Length == ContentType.Length || type[ContentType.Length] is '+' or ';');

    /// <summary>The status.</summary>
    public static Status StatusOf(Problem problem) =>
        new(ProblemStatus.Of(problem.Code).Rpc, problem.Where is { } where ? $"{where}: {problem.Message}" : problem.Message);

    /// <summary>What stands beside the status.</summary>
    public static Metadata TrailersOf(Problem problem, TimeSpan? retryAfter)
    {
        var trailers = new Metadata { { "problem-code", problem.Code } };
        if (retryAfter is { } wait)
        {
            // What gRPC's own retries go by (gRFC A6).
            trailers.Add("grpc-retry-pushback-ms", ((long)Math.Ceiling(wait.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture));
        }

        return trailers;
    }

    /// <summary>Answers a call that was refused before gRPC had it: headers only, which are the trailers, too (Trailers-Only in gRPC over HTTP/2).</summary>
    public static void Answer(HttpContext context, Problem problem, TimeSpan? retryAfter)
    {
        var status = StatusOf(problem);
        var response = context.Response;
        response.Clear();
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = ContentType;
        response.Headers["grpc-status"] = ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = Encode(status.Detail);
        foreach (var entry in TrailersOf(problem, retryAfter))
        {
            response.Headers[entry.Key] = entry.Value;
        }
    }

    /// <summary>A message as the header takes it: UTF-8, percent-encoded but for printable ASCII.</summary>
    internal static string Encode(string message)
    {
        var encoded = new StringBuilder(message.Length);
        foreach (var one in Encoding.UTF8.GetBytes(message))
        {
            _ = one is >= 0x20 and <= 0x7E and not (byte)'%' ? encoded.Append((char)one) : encoded.Append(CultureInfo.InvariantCulture, $"%{one:X2}");
        }

        return encoded.ToString();
    }
}
