using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AiAssignments.Tests.Azure.Documents;

namespace AiAssignments.IntegrationTests.Azure.Documents;

/// <summary>
/// Stands before the server where it is not as the service is: it answers a query's plan; makes 404 of the 500 for a missing item; has containers made
/// with every composite index in both directions, as the service serves an order from the opposite index too; and does a batch of deletions as single ones, when all are there.
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

        if (BatchWire.IsAsked(request))
        {
            return await DeleteAllOrNoneAsync(request, cancellationToken);
        }

        var answer = await base.SendAsync(request, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.InternalServerError && request.Method == HttpMethod.Get && request.RequestUri!.AbsolutePath.Contains("/docs/", StringComparison.Ordinal))
        {
            answer.StatusCode = HttpStatusCode.NotFound;
        }

        return answer;
    }

    private async Task<HttpResponseMessage> DeleteAllOrNoneAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var operations = await BatchWire.ReadAsync(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
        Assert.All(operations, operation => Assert.Equal(BatchWire.Deletion, operation.Type));
        for (var i = 0; i < operations.Count; i++)
        {
            using var found = await SendAsync(About(operations[i], HttpMethod.Get), cancellationToken);
            if (found.StatusCode == HttpStatusCode.NotFound)
            {
                return await BatchWire.AnswerAsync([.. operations.Select((_, at) => at == i ? 404 : 424)]);
            }
        }

        var statuses = new List<int>();
        foreach (var operation in operations)
        {
            using var deleted = await SendAsync(About(operation, HttpMethod.Delete), cancellationToken);
            statuses.Add((int)deleted.StatusCode);
        }

        return await BatchWire.AnswerAsync(statuses);

        HttpRequestMessage About(BatchOperation operation, HttpMethod method)
        {
            var single = new HttpRequestMessage(method, $"{request.RequestUri!.AbsoluteUri.TrimEnd('/')}/{Uri.EscapeDataString(operation.Id)}");
            foreach (var header in request.Headers.Where(header => !header.Key.StartsWith("x-ms-cosmos-", StringComparison.OrdinalIgnoreCase)))
            {
                single.Headers.TryAddWithoutValidation(header.Key, header.Value);
            }

            return single;
        }
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
