using AiAssignments.Core.Errors;
using AiAssignments.Http.Access;
using AiAssignments.Pipeline.Access;

namespace AiAssignments.Local.Hosting;

/// <summary>
/// This host asks for no key, so a page from elsewhere in the user's browser must not reach it: the Host header must name this machine
/// (against DNS rebinding), and a request that changes something must not come from another origin
/// than its own and those of <c>--cors-origins</c>.
/// </summary>
internal sealed class LoopbackGuard(RequestDelegate next, AccessOptions access)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!ListeningAddresses.IsLoopbackHost(request.Host.Host))
        {
            throw new ProblemException("request-forbidden", "The Host header does not name this machine's loopback address.");
        }

        var origin = request.Headers.Origin.ToString();
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && origin.Length > 0
            && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
            && !access.Allows(origin))
        {
            throw new ProblemException("request-forbidden", "The request comes from another origin.");
        }

        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        return next(context);
    }
}
