using AiAssignments.Http.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AiAssignments.Functions.Routes;

/// <summary>API keys.</summary>
/// <param name="gateway">The gateway.</param>
public sealed class KeyFunctions(GatewayFront gateway)
{
    /// <summary><c>GET /api/keys</c>.</summary>
    [Function("ListKeys")]
    public Task<IResult> ListKeysAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/keys")] HttpRequest request) =>
        gateway.AnswerAsync(request.HttpContext, "ListKeys");

    /// <summary><c>POST /api/keys</c>.</summary>
    [Function("CreateKey")]
    public Task<IResult> CreateKeyAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/keys")] HttpRequest request) =>
        gateway.AnswerAsync(request.HttpContext, "CreateKey");

    /// <summary><c>POST /api/keys/{id}/rotate</c>.</summary>
    [Function("RotateKey")]
    public Task<IResult> RotateKeyAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/keys/{id}/rotate")] HttpRequest request) =>
        gateway.AnswerAsync(request.HttpContext, "RotateKey");

    /// <summary><c>DELETE /api/keys/{id}</c>.</summary>
    [Function("DeleteKey")]
    public Task<IResult> DeleteKeyAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/keys/{id}")] HttpRequest request) =>
        gateway.AnswerAsync(request.HttpContext, "DeleteKey");
}
