using AiAssignments.Core.Errors;
using AiAssignments.Http.Routing;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Gateway;

namespace AiAssignments.Http.Routes;

/// <summary>Whether the process lives, and whether it is ready for work. Cheap: asked every second by whoever runs it.</summary>
/// <param name="readiness">Who must be ready.</param>
internal sealed class HealthRoutes(IEnumerable<IReadiness> readiness) : IGatewayRoutes
{
    private static readonly Task<IResult> Live = Task.FromResult<IResult>(new FixedAnswer("""{"status":"live"}"""u8.ToArray()));
    private static readonly Task<IResult> Ready = Task.FromResult<IResult>(new FixedAnswer("""{"status":"ready"}"""u8.ToArray()));

    private readonly IReadiness[] readiness = [.. readiness];

    public IReadOnlyList<GatewayRoute> Routes =>
    [
        new("Live", HttpMethods.Get, "api/health/live", AccessScope.Anonymous, _ => Live)
        {
            Summary = "Says that the process answers.",
            Tag = "Operations",
            ResponseSchema = "Health",
            ResponseExample = """{"status":"live"}""",
        },
        new("Ready", HttpMethods.Get, "api/health/ready", AccessScope.Anonymous, ReadyAsync)
        {
            Summary = "Says whether the process is ready for work; 503 while it starts.",
            Tag = "Operations",
            ResponseSchema = "Health",
            ResponseExample = """{"status":"ready"}""",
            Problems = ["not-ready"],
        },
    ];

    private Task<IResult> ReadyAsync(HttpContext context)
    {
        foreach (var one in readiness)
        {
            if (one.Waiting is { } what)
            {
                throw new ProblemException("not-ready", what) { RetryAfter = TimeSpan.FromSeconds(1) };
            }
        }

        return Ready;
    }

    private sealed class FixedAnswer(byte[] content) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.ContentType = "application/json";
            response.ContentLength = content.Length;
            response.Headers.CacheControl = "no-store";
            var writing = response.BodyWriter.WriteAsync(content, httpContext.RequestAborted);
            return writing.IsCompletedSuccessfully ? Task.CompletedTask : writing.AsTask();
        }
    }
}
