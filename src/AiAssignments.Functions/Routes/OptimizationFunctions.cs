using AiAssignments.Http.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace AiAssignments.Functions.Routes;

/// <summary>Optimizations.</summary>
/// <param name="gateway">The gateway.</param>
public sealed class OptimizationFunctions(GatewayFront gateway)
{
    /// <summary><c>GET /api/optimizations</c>.</summary>
    [Function("ListOptimizations")]
    public Task<IResult> ListOptimizationsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/optimizations")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "ListOptimizations");

    /// <summary><c>POST /api/optimizations</c>.</summary>
    [Function("StartOptimization")]
    public Task<IResult> StartOptimizationAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/optimizations")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "StartOptimization");

    /// <summary><c>GET /api/optimizations/{id}</c>.</summary>
    [Function("GetOptimization")]
    public Task<IResult> GetOptimizationAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/optimizations/{id}")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "GetOptimization");

    /// <summary><c>DELETE /api/optimizations/{id}</c>.</summary>
    [Function("DeleteOptimization")]
    public Task<IResult> DeleteOptimizationAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/optimizations/{id}")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "DeleteOptimization");

    /// <summary><c>POST /api/optimizations/{id}/cancel</c>.</summary>
    [Function("CancelOptimization")]
    public Task<IResult> CancelOptimizationAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/optimizations/{id}/cancel")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "CancelOptimization");
}
