using AiAssignments.Core.Errors;
using AiAssignments.Http.Requests;
using AiAssignments.Http.Responses;
using AiAssignments.Http.Routing;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Access.Keys;
using AiAssignments.Pipeline.Access.Rates;
using AiAssignments.Pipeline.Gateway;

namespace AiAssignments.Http.Access;

/// <summary><c>/api/keys</c>: list, make, rotate, delete. For administrators.</summary>
internal sealed class KeyRoutes : IGatewayRoutes
{
    private const string Example = """{"id":"0b6f2a4c8e1d3957","name":"nightly job","scopes":["read","write"],"createdAt":"2026-01-02T03:04:05+00:00"}""";

    /// <inheritdoc />
    public IReadOnlyList<GatewayRoute> Routes { get; } =
    [
        new("ListKeys", HttpMethods.Get, "api/keys", AccessScope.Admin, ListAsync)
        {
            Summary = "Lists the API keys, without their secrets.",
            Tag = "Keys",
            ResponseSchema = "KeyPage",
            ResponseExample = $$"""{"items":[{{Example}}]}""",
            Problems = ["option-out-of-range", "continuation-invalid"],
            Parameters =
            [
                new("pageSize", "query", "Keys a page, 1 to 1000. Default 100.", "integer"),
                new("continuation", "query", "Token of the page before."),
            ],
        },
        new("CreateKey", HttpMethods.Post, "api/keys", AccessScope.Admin, CreateAsync)
        {
            Summary = "Makes an API key. The key is shown in this answer and never again.",
            Tag = "Keys",
            BodyLimit = 16 * 1024,
            Status = StatusCodes.Status201Created,
            RequestTypes = ["application/json"],
            RequestSchema = "NewKey",
            ResponseSchema = "Key",
            Problems = ["request-json-invalid", "media-type-unsupported", "scope-unknown", "scope-missing", "key-name-invalid", "key-expired"],
            RequestExample = """{"name":"nightly job","scopes":["write"],"expiresAt":"2027-01-01T00:00:00Z","requestsPerSecond":50,"burst":100}""",
            ResponseExample = """{"id":"0b6f2a4c8e1d3957","name":"nightly job","scopes":["read","write"],"key":"aia_0b6f2a4c8e1d3957_...","createdAt":"2026-01-02T03:04:05+00:00"}""",
        },
        new("RotateKey", HttpMethods.Post, "api/keys/{id}/rotate", AccessScope.Admin, RotateAsync)
        {
            Summary = "Gives a key a new secret, shown in this answer and never again. The old one ends at once, or after the overlap.",
            Tag = "Keys",
            BodyLimit = 1024,
            ResponseSchema = "Key",
            Problems = ["key-not-found", "option-out-of-range"],
            Parameters = [new("overlapSeconds", "query", "How long the old secret is taken too, 0 to 2,592,000. Default 0.", "integer")],
            ResponseExample = """{"id":"0b6f2a4c8e1d3957","name":"nightly job","scopes":["read"],"key":"aia_0b6f2a4c8e1d3957_...","rotatedAt":"2026-01-02T03:04:05+00:00"}""",
        },
        new("DeleteKey", HttpMethods.Delete, "api/keys/{id}", AccessScope.Admin, DeleteAsync)
        {
            Summary = "Deletes a key: it opens nothing from now on; on other instances within 5 seconds.",
            Tag = "Keys",
            Status = StatusCodes.Status204NoContent,
            ResponseType = null,
            Problems = ["key-not-found"],
        },
    ];

    private static ApiKeys Keys(HttpContext context) => context.RequestServices.GetRequiredService<ApiKeys>();

    private static async Task<IResult> ListAsync(HttpContext context)
    {
        var (keys, continuation) = await Keys(context).ListAsync(context.WholeNumber("pageSize", 1, 1000) ?? 100, context.Query("continuation"), context.RequestAborted).ConfigureAwait(false);
        return Answers.Secret(new Page<KeyView>([.. keys.Select(key => KeyView.Of(key))], continuation));
    }

    private static async Task<IResult> CreateAsync(HttpContext context)
    {
        RequestBody.RequireJson(context.Request);
        var request = RequestBody.Parse<KeyRequest>(await RequestBody.ReadBytesAsync(context.Request, 16 * 1024, context.RequestAborted).ConfigureAwait(false));
        var limit = request.RequestsPerSecond is { } perSecond ? new RateLimit(perSecond, request.Burst ?? (int)Math.Clamp(Math.Ceiling(2 * perSecond), 1, 10_000_000)) : null;
        var wanted = new NewKey(request.Name, AccessScopes.Greatest(request.Scopes), request.ExpiresAt, limit);
        var issued = await Keys(context).CreateAsync(wanted, context.RequestAborted).ConfigureAwait(false);
        return Answers.Secret(KeyView.Of(issued.Key, issued.Text), StatusCodes.Status201Created, $"/api/keys/{issued.Key.Id}");
    }

    private static async Task<IResult> RotateAsync(HttpContext context)
    {
        var overlap = TimeSpan.FromSeconds(context.WholeNumber("overlapSeconds", 0, (int)ApiKeys.LongestOverlap.TotalSeconds) ?? 0);
        var issued = await Keys(context).RotateAsync(context.Route("id"), overlap, context.RequestAborted).ConfigureAwait(false);
        return Answers.Secret(KeyView.Of(issued.Key, issued.Text));
    }

    private static async Task<IResult> DeleteAsync(HttpContext context) =>
        await Keys(context).DeleteAsync(context.Route("id"), context.RequestAborted).ConfigureAwait(false)
            ? Answers.Nothing()
            : throw new ProblemException("key-not-found", "No key has this id.");
}
