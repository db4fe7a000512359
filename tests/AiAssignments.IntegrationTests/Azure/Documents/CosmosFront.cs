using System.Net;
using AiAssignments.Tests.Azure.Documents;

namespace AiAssignments.IntegrationTests.Azure.Documents;

/// <summary>Stands before the server and answers what it does not as the service does: a query's plan, and a missing item, where it fails with 500.</summary>
internal sealed class CosmosFront(HttpMessageHandler server) : DelegatingHandler(server)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (QueryPlan.IsAsked(request))
        {
            return QueryPlan.Answer();
        }

        var answer = await base.SendAsync(request, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.InternalServerError && request.Method == HttpMethod.Get && request.RequestUri!.AbsolutePath.Contains("/docs/", StringComparison.Ordinal))
        {
            answer.StatusCode = HttpStatusCode.NotFound;
        }

        return answer;
    }
}
