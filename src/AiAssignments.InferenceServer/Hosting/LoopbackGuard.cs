using AiAssignments.Core.Errors;
using AiAssignments.Http.Access;

namespace AiAssignments.InferenceServer.Hosting;

/// <summary>
/// While nobody is asked for a key, a page in the user's browser must not reach this server: the Host header must name the loopback address
/// (against DNS rebinding), and nothing may come from another origin.
/// </summary>
internal sealed class LoopbackGuard(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!ListeningAddresses.IsLoopbackHost(request.Host.Host))
        {
            throw new ProblemException("request-forbidden", "The Host header does not name this machine's loopback address, and no key is asked for.");
        }

        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
        {
            throw new ProblemException("request-forbidden", "The request comes from another origin.");
        }

        return next(context);
    }
}
