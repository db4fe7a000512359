using AiAssignments.Http.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace AiAssignments.Functions.Routes;

/// <summary>Models and predictions.</summary>
/// <param name="gateway">The gateway.</param>
public sealed class ModelFunctions(GatewayFront gateway)
{
    /// <summary><c>GET /api/models</c>.</summary>
    [Function("ListModels")]
    public Task<IResult> ListModelsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/models")] HttpRequest request) =>
        gateway.AnswerAsync(request.HttpContext, "ListModels");

    /// <summary><c>POST /api/models</c>.</summary>
    [Function("UploadModel")]
    public Task<IResult> UploadModelAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/models")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "UploadModel");

    /// <summary><c>GET /api/models/{name}</c>.</summary>
    [Function("GetModel")]
    public Task<IResult> GetModelAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/models/{name}")] HttpRequest request) =>
        gateway.AnswerAsync(request.HttpContext, "GetModel");

    /// <summary><c>DELETE /api/models/{name}</c>.</summary>
    [Function("DeleteModel")]
    public Task<IResult> DeleteModelAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/models/{name}")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "DeleteModel");

    /// <summary><c>GET /api/models/{name}/versions/{version}</c>.</summary>
    [Function("GetModelVersion")]
    public Task<IResult> GetModelVersionAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/models/{name}/versions/{version}")] HttpRequest request) =>
        gateway.AnswerAsync(request.HttpContext, "GetModelVersion");

    /// <summary><c>DELETE /api/models/{name}/versions/{version}</c>.</summary>
    [Function("DeleteModelVersion")]
    public Task<IResult> DeleteModelVersionAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/models/{name}/versions/{version}")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "DeleteModelVersion");

    /// <summary><c>POST /api/models/{name}/versions/{version}/promote</c>.</summary>
    [Function("PromoteModelVersion")]
    public Task<IResult> PromoteModelVersionAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/models/{name}/versions/{version}/promote")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "PromoteModelVersion");

    /// <summary><c>POST /api/models/{name}/predict</c>.</summary>
    [Function("Predict")]
    public Task<IResult> PredictAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/models/{name}/predict")] HttpRequest request) =>
        gateway.AnswerAsync(request.HttpContext, "Predict");

    /// <summary><c>POST /api/models/{name}/versions/{version}/predict</c>.</summary>
    [Function("PredictWithVersion")]
    public Task<IResult> PredictWithVersionAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/models/{name}/versions/{version}/predict")] HttpRequest request) =>
        gateway.AnswerAsync(request.HttpContext, "PredictWithVersion");
}
