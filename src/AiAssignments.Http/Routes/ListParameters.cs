using AiAssignments.Http.Routing;

namespace AiAssignments.Http.Routes;

/// <summary>Parameters that several routes have.</summary>
internal static class ListParameters
{
    public static readonly RouteParameter IfNoneMatch = new("If-None-Match", "header", "ETag of a copy that the caller has: answered with 304 when it is still right.");
    public static readonly RouteParameter IfMatch = new("If-Match", "header", "ETag that the thing must have: answered with 412 when it was changed meanwhile.");
    public static readonly RouteParameter IdempotencyKey = new("Idempotency-Key", "header", "1 to 255 visible characters of the caller's choice: the same request with the same key has the same answer for 24 hours, and starts nothing twice.");

    public static RouteParameter[] Page(IReadOnlyList<string> sorts, string usual, params RouteParameter[] filters) =>
    [
        .. filters,
        new("sort", "query", $"{string.Join(", ", sorts)}; with a leading - the last first. Default {usual}."),
        new("pageSize", "query", "Items a page, 1 to 1,000. Default 100.", "integer"),
        new("continuation", "query", "The token that the page before gave, with the same filters and sort."),
        IfNoneMatch,
    ];
}
