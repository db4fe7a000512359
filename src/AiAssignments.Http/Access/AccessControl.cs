using AiAssignments.Core.Errors;
using AiAssignments.Pipeline.Access;

namespace AiAssignments.Http.Access;

/// <summary>Lets a request in or refuses it: what the middleware of every ASP.NET Core host, and of Azure Functions, calls.</summary>
/// <param name="gate">Decides.</param>
/// <param name="frontDoor">Id of the Azure Front Door whose word for a caller's address counts; <c>null</c>, the default: nobody's does.</param>
public sealed class AccessControl(AccessGate gate, Guid? frontDoor = null)
{
    /// <summary>The header that takes an API key besides <c>Authorization</c>.</summary>
    public const string ApiKeyHeader = "X-API-Key";

    /// <summary>Finds the caller; afterwards it stands in <see cref="HttpContext.Features"/> as <see cref="Caller"/>.</summary>
    /// <param name="context">The request.</param>
    /// <param name="scope">What the caller must be allowed.</param>
    /// <param name="cancellationToken">Stops the look-up.</param>
    /// <exception cref="ProblemException">As <see cref="AccessGate.AdmitAsync"/>; the answer gets its <c>WWW-Authenticate</c>.</exception>
    public async ValueTask<Caller> CheckAsync(HttpContext context, AccessScope scope, CancellationToken cancellationToken)
    {
        var headers = context.Request.Headers;
        try
        {
            // A header that is sent twice becomes a list here, which is no credential.
            var credentials = new Credentials(headers.Authorization.ToString(), headers[ApiKeyHeader].ToString(), CallerAddress.Of(context, frontDoor));
            var caller = await gate.AdmitAsync(credentials, scope, cancellationToken).ConfigureAwait(false);
            context.Features.Set(caller);
            return caller;
        }
        catch (ProblemException refused) when (refused.Problem.Code is "request-unauthenticated" or "request-forbidden")
        {
            // RFC 6750, section 3. On starting: whoever writes the problem clears the headers first.
            var challenge = refused.Problem.Code == "request-forbidden" ? $"Bearer error=\"insufficient_scope\", scope=\"{scope.Name()}\""
                : headers.Authorization.Count + headers[ApiKeyHeader].Count == 0 ? "Bearer"
                : "Bearer error=\"invalid_token\"";
            context.Response.OnStarting(() =>
            {
                context.Response.Headers.WWWAuthenticate = challenge;
                return Task.CompletedTask;
            });
            throw;
        }
    }
}
