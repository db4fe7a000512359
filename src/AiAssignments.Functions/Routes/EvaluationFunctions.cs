using AiAssignments.Http.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace AiAssignments.Functions.Routes;

/// <summary>Evaluations, comparisons and reports.</summary>
/// <param name="gateway">The gateway.</param>
public sealed class EvaluationFunctions(GatewayFront gateway)
{
    /// <summary><c>GET /api/evaluations</c>.</summary>
    [Function("ListEvaluations")]
    public Task<IResult> ListEvaluationsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/evaluations")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "ListEvaluations");

    /// <summary><c>POST /api/evaluations</c>.</summary>
    [Function("StartEvaluation")]
    public Task<IResult> StartEvaluationAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/evaluations")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "StartEvaluation");

    /// <summary><c>GET /api/evaluations/{id}</c>.</summary>
    [Function("GetEvaluation")]
    public Task<IResult> GetEvaluationAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/evaluations/{id}")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "GetEvaluation");

    /// <summary><c>DELETE /api/evaluations/{id}</c>.</summary>
    [Function("DeleteEvaluation")]
    public Task<IResult> DeleteEvaluationAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/evaluations/{id}")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "DeleteEvaluation");

    /// <summary><c>POST /api/evaluations/{id}/cancel</c>.</summary>
    [Function("CancelEvaluation")]
    public Task<IResult> CancelEvaluationAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/evaluations/{id}/cancel")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "CancelEvaluation");

    /// <summary><c>GET /api/comparisons</c>.</summary>
    [Function("ListComparisons")]
    public Task<IResult> ListComparisonsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/comparisons")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "ListComparisons");

    /// <summary><c>POST /api/comparisons</c>.</summary>
    [Function("Compare")]
    public Task<IResult> CompareAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/comparisons")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "Compare");

    /// <summary><c>GET /api/comparisons/{id}</c>.</summary>
    [Function("GetComparison")]
    public Task<IResult> GetComparisonAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/comparisons/{id}")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "GetComparison");

    /// <summary><c>DELETE /api/comparisons/{id}</c>.</summary>
    [Function("DeleteComparison")]
    public Task<IResult> DeleteComparisonAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/comparisons/{id}")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "DeleteComparison");

    /// <summary><c>GET /reports/{id}/{file}</c>.</summary>
    [Function("GetReport")]
    public Task<IResult> GetReportAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "reports/{id}/{file}")] HttpRequest request, [DurableClient] DurableTaskClient hub) =>
        gateway.AnswerAsync(request.HttpContext, "GetReport");
}
