using System.Globalization;
using System.Net;
using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Serving;

namespace AiAssignments.Pipeline.Remote;

/// <summary>Reads what a server says of its answer: its status, its problem, its times.</summary>
internal static class RemoteAnswer
{
    private const int LongestProblem = 65_536;

    /// <summary>What an unsuccessful answer means.</summary>
    public static async Task<(OutcomeKind Kind, ProblemException Problem)> RefusalAsync(HttpResponseMessage response, Uri server, CancellationToken cancellationToken)
    {
        var problem = await ProblemAsync(response, server, cancellationToken).ConfigureAwait(false);
        var kind = response.StatusCode switch
        {
            HttpStatusCode.TooManyRequests => OutcomeKind.Full,
            HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway => OutcomeKind.Unavailable,

            // While a version is rolled out, the next server may have it.
            HttpStatusCode.NotFound when problem.Code == "model-not-found" => OutcomeKind.Unavailable,
            _ => OutcomeKind.Refused,
        };
        return (kind, new ProblemException(problem) { RetryAfter = RetryAfter(response) });
    }

    /// <summary>The times in <c>Server-Timing</c>; zero for what is not there.</summary>
    public static ServeTiming Timing(HttpResponseMessage response)
    {
        TimeSpan queue = default, tokenize = default, inference = default;
        if (response.Headers.TryGetValues("Server-Timing", out var values))
        {
            foreach (var metric in values.SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries)))
            {
                var parts = metric.Split(";dur=");
                if (parts.Length == 2 && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds is >= 0 and < 1e9)
                {
                    var span = TimeSpan.FromMilliseconds(milliseconds);
                    _ = parts[0] switch
                    {
                        "queue" => queue = span,
                        "tokenize" => tokenize = span,
                        "inference" => inference = span,
                        _ => default,
                    };
                }
            }
        }

        return new ServeTiming(queue, tokenize, inference);
    }

    private static async Task<Problem> ProblemAsync(HttpResponseMessage response, Uri server, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        var fallback = new Problem(CodeOf(status), $"The inference server answered {status}.", server.Authority);
        if (response.Content.Headers.ContentLength is null or 0 or > LongestProblem)
        {
            return fallback;
        }

        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("error", out var message) || message.ValueKind != JsonValueKind.String)
            {
                return fallback;
            }

            // Triton and KServe give no code.
            var code = root.TryGetProperty("code", out var said) && said.ValueKind == JsonValueKind.String ? said.GetString()! : CodeOf(status);
            return new Problem(code, message.GetString()!);
        }
        catch (JsonException)
        {
            return fallback;
        }
    }

    private static string CodeOf(int status) => status switch
    {
        404 => "model-not-found",
        413 => "request-too-large",
        429 => "queue-full",
        504 => "deadline-exceeded",
        401 => "request-unauthenticated",
        403 => "request-forbidden",
        >= 500 => "server-unavailable",
        _ => "request-invalid",
    };

    private static TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        if (response.Headers.TryGetValues("Retry-After-Ms", out var exact)
            && long.TryParse(exact.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds < 86_400_000)
        {
            return TimeSpan.FromMilliseconds(milliseconds);
        }

        return response.Headers.RetryAfter?.Delta;
    }
}
