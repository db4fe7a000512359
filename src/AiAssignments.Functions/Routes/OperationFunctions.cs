using AiAssignments.Http.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace AiAssignments.Functions.Routes;

/// <summary>Jobs, live progress, health and figures.</summary>
/// <param name="gateway">The gateway.</param>
public sealed class OperationFunctions(GatewayFront gateway)
{
    /// <summary><c>GET /api/jobs</c>.</summary>
    [Function("ListJobs")]
    public Task<IResult> ListJobsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/jobs")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "ListJobs");

    /// <summary><c>GET /api/jobs/{id}</c>.</summary>
    [Function("GetJob")]
    public Task<IResult> GetJobAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/jobs/{id}")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "GetJob");

    /// <summary><c>POST /api/negotiate</c>.</summary>
    [Function("Negotiate")]
    public Task<IResult> NegotiateAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/negotiate")] HttpRequest request) =>
        gateway.AnswerAsync(request.HttpContext, "Negotiate");

    /// <summary><c>GET /api/health/live</c>.</summary>
    [Function("Live")]
    public Task<IResult> LiveAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/health/live")] HttpRequest request) =>
        gateway.AnswerAsync(request.HttpContext, "Live");

    /// <summary><c>GET /api/health/ready</c>.</summary>
    [Function("Ready")]
    public Task<IResult> ReadyAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/health/ready")] HttpRequest request) =>
        gateway.AnswerAsync(request.HttpContext, "Ready");

    /// <summary><c>GET /metrics</c>.</summary>
    [Function("GetMetrics")]
    public Task<IResult> GetMetricsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "metrics")] HttpRequest request) =>
        gateway.AnswerAsync(request.HttpContext, "GetMetrics");

    /// <summary><c>GET /metrics/system</c>.</summary>
    [Function("GetSystemMetrics")]
    public Task<IResult> GetSystemMetricsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "metrics/system")] HttpRequest request) =>
        gateway.AnswerAsync(request.HttpContext, "GetSystemMetrics");

    /// <summary><c>GET /metrics/application</c>.</summary>
    [Function("GetApplicationMetrics")]
    public Task<IResult> GetApplicationMetricsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "metrics/application")] HttpRequest request) =>
        gateway.AnswerAsync(request.HttpContext, "GetApplicationMetrics");

    /// <summary><c>POST /api/memory/trim</c>.</summary>
    [Function("TrimMemory")]
    public Task<IResult> TrimMemoryAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/memory/trim")] HttpRequest request) =>
        gateway.AnswerAsync(request.HttpContext, "TrimMemory");
}
