using AiAssignments.Http.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace AiAssignments.Functions.Routes;

/// <summary>Uploads past the gateway, and resumable ones (tus).</summary>
/// <param name="gateway">The gateway.</param>
public sealed class UploadFunctions(GatewayFront gateway)
{
    /// <summary><c>POST /api/datasets/direct</c>.</summary>
    [Function("SignUpload")]
    public Task<IResult> SignUploadAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/datasets/direct")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "SignUpload");

    /// <summary><c>OPTIONS /api/datasets/uploads</c>.</summary>
    [Function("UploadOptions")]
    public Task<IResult> UploadOptionsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "options", Route = "api/datasets/uploads")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "UploadOptions");

    /// <summary><c>GET /api/datasets/uploads</c>.</summary>
    [Function("ListUploads")]
    public Task<IResult> ListUploadsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/datasets/uploads")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "ListUploads");

    /// <summary><c>POST /api/datasets/uploads</c>.</summary>
    [Function("CreateUpload")]
    public Task<IResult> CreateUploadAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/datasets/uploads")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "CreateUpload");

    /// <summary><c>GET /api/datasets/uploads/{id}</c>.</summary>
    [Function("GetUpload")]
    public Task<IResult> GetUploadAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/datasets/uploads/{id}")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "GetUpload");

    /// <summary><c>PATCH /api/datasets/uploads/{id}</c>.</summary>
    [Function("AppendUpload")]
    public Task<IResult> AppendUploadAsync([HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = "api/datasets/uploads/{id}")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "AppendUpload");

    /// <summary><c>POST /api/datasets/uploads/{id}</c>.</summary>
    [Function("OverrideUpload")]
    public Task<IResult> OverrideUploadAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/datasets/uploads/{id}")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "OverrideUpload");

    /// <summary><c>DELETE /api/datasets/uploads/{id}</c>.</summary>
    [Function("EndUpload")]
    public Task<IResult> EndUploadAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/datasets/uploads/{id}")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "EndUpload");
}
