using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AiAssignments.Tests.Azure.Documents;

namespace AiAssignments.IntegrationTests.Azure.Documents;

/// <summary>
/// Stands before the server where it is not as the service is: it answers a query's plan; makes 404 of the 500 for a missing item; and has containers made
/// with every composite index in both directions, as the service serves an order from the opposite index too.
/// </summary>
internal sealed class CosmosFront(HttpMessageHandler server) : DelegatingHandler(server)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (QueryPlan.IsAsked(request))
        {
            return QueryPlan.Answer();
        }

        if (request.Method == HttpMethod.Post && request.RequestUri!.AbsolutePath.EndsWith("/colls", StringComparison.Ordinal))
        {
            await IndexBothWaysAsync(request);
        }

        var answer = await base.SendAsync(request, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.InternalServerError && request.Method == HttpMethod.Get && request.RequestUri!.AbsolutePath.Contains("/docs/", StringComparison.Ordinal))
        {
            answer.StatusCode = HttpStatusCode.NotFound;
        }

        return answer;
    }

    private static async Task IndexBothWaysAsync(HttpRequestMessage request)
    {
        var body = JsonNode.Parse(await request.Content!.ReadAsStringAsync())!;
        if (body["indexingPolicy"]?["compositeIndexes"] is JsonArray indexes)
        {
            foreach (var index in indexes.ToList())
            {
                indexes.Add(new JsonArray([.. index!.AsArray().Select(path => new JsonObject { ["path"] = (string)path!["path"]!, ["order"] = "descending" })]));
            }
        }

        request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
    }
}
