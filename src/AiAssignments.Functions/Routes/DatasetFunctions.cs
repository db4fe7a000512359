using AiAssignments.Http.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace AiAssignments.Functions.Routes;

/// <summary>Datasets and their uploads.</summary>
/// <param name="gateway">The gateway.</param>
public sealed class DatasetFunctions(GatewayFront gateway)
{
    /// <summary><c>GET /api/datasets</c>.</summary>
    [Function("ListDatasets")]
    public Task<IResult> ListDatasetsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/datasets")] HttpRequest request) =>
        gateway.AnswerAsync(request.HttpContext, "ListDatasets");

    /// <summary><c>POST /api/datasets</c>.</summary>
    [Function("UploadDataset")]
    public Task<IResult> UploadDatasetAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/datasets")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "UploadDataset");

    /// <summary><c>GET /api/datasets/{id}</c>.</summary>
    [Function("GetDataset")]
    public Task<IResult> GetDatasetAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/datasets/{id}")] HttpRequest request) =>
        gateway.AnswerAsync(request.HttpContext, "GetDataset");

    /// <summary><c>DELETE /api/datasets/{id}</c>.</summary>
    [Function("DeleteDataset")]
    public Task<IResult> DeleteDatasetAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/datasets/{id}")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "DeleteDataset");

    /// <summary><c>GET /api/datasets/{id}/inspection</c>.</summary>
    [Function("InspectDataset")]
    public Task<IResult> InspectDatasetAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/datasets/{id}/inspection")] HttpRequest request) =>
        gateway.AnswerAsync(request.HttpContext, "InspectDataset");
}
