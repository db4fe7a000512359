using System.Globalization;
using System.Net;
using System.Text;
using AiAssignments.Azure.Documents;
using Microsoft.Azure.Cosmos;

namespace AiAssignments.Tests.Azure.Documents;

/// <summary>
/// An account of Cosmos DB at the wire: it answers what the SDK asks of accounts, containers and partitions as the service's REST reference says
/// (learn.microsoft.com/rest/api/cosmos-db), and hands every request about documents to the test.
/// </summary>
internal sealed class CosmosWire(params string[] regions) : HttpMessageHandler
{
    /// <summary>Resource id of every container.</summary>
    public const string ContainerRid = "qOoaAIXoJCk=";

    private const string DatabaseRid = "qOoaAA==";

    private readonly List<WireRequest> documents = [];

    /// <summary>What is answered to a request about documents.</summary>
    public required Func<WireRequest, HttpResponseMessage> Answer { get; init; }

    /// <summary>Requests about documents, query plans left out.</summary>
    public IReadOnlyList<WireRequest> Documents
    {
        get
        {
            lock (documents)
            {
                return [.. documents];
            }
        }
    }

    /// <summary>Opens a store over this account, by token.</summary>
    public CosmosDocumentStore Open(params string[] preferred) => CosmosDocuments.Connect(
        new CosmosSettings { AccountEndpoint = new Uri("https://account.documents.azure.com/"), Database = "aia", ConnectionMode = ConnectionMode.Gateway, PreferredRegions = preferred },
        new FixedToken(),
        () => new HttpClient(this, disposeHandler: false));

    /// <summary>An answer of the service.</summary>
    public static HttpResponseMessage Reply(int status, string body = "{}", params (string Name, string Value)[] headers)
    {
        var answer = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        answer.Headers.TryAddWithoutValidation("x-ms-request-charge", "1");
        foreach (var (name, value) in headers)
        {
            answer.Headers.Remove(name);
            answer.Headers.TryAddWithoutValidation(name, value);
        }

        return answer;
    }

    /// <summary>A document that is there.</summary>
    public static HttpResponseMessage Item(string id = "id", string value = "1", string etag = "\"e1\"") =>
        Reply(200, $$"""{"id":"{{id}}","partition":"all","value":{{value}},"_etag":{{System.Text.Json.JsonSerializer.Serialize(etag)}},"_ts":1}""", ("etag", etag));

    /// <summary>A page of a query's answer.</summary>
    public static HttpResponseMessage Page(string? continuation, params string[] items) => Reply(
        200,
        $$"""{"_rid":"{{ContainerRid}}","Documents":[{{string.Join(',', items)}}],"_count":{{items.Length}}}""",
        [("x-ms-item-count", items.Length.ToString(CultureInfo.InvariantCulture)), .. continuation is null ? Array.Empty<(string, string)>() : [("x-ms-continuation", continuation)]]);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        if (path == "/")
        {
            return Reply(200, Account());
        }

        if (path.EndsWith("/pkranges", StringComparison.Ordinal) || path.EndsWith("/pkranges/", StringComparison.Ordinal))
        {
            return request.Headers.IfNoneMatch.Count > 0
                ? Reply(304, string.Empty, ("etag", "\"1\""))
                : Reply(200, $$"""{"_rid":"{{ContainerRid}}","PartitionKeyRanges":[{"id":"0","_rid":"{{ContainerRid}}","minInclusive":"","maxExclusive":"FF","status":"online","parents":[]}],"_count":1}""", ("etag", "\"1\""));
        }

        if (QueryPlan.IsAsked(request))
        {
            return QueryPlan.Answer();
        }

        if (path.Contains("/docs", StringComparison.Ordinal))
        {
            var asked = await WireRequest.ReadAsync(request);
            lock (documents)
            {
                documents.Add(asked);
            }

            return Answer(asked);
        }

        return Reply(200, $$"""
            {"id":"{{path.TrimEnd('/').Split('/')[^1]}}","_rid":"{{ContainerRid}}","_self":"dbs/{{DatabaseRid}}/colls/{{ContainerRid}}/","_etag":"\"1\"",
             "partitionKey":{"paths":["/partition"],"kind":"Hash","version":2},"indexingPolicy":{"indexingMode":"consistent","automatic":true,"includedPaths":[],"excludedPaths":[{"path":"/*"}]} }
            """);
    }

    private string Account()
    {
        var all = regions.Length == 0 ? ["West Europe"] : regions;
        var locations = all.Select(region => $$"""{"name":"{{region}}","databaseAccountEndpoint":"https://account-{{region.Replace(" ", string.Empty, StringComparison.Ordinal).ToLowerInvariant()}}.documents.azure.com:443/"}""").ToList();
        return $$"""
            {"id":"account","_rid":"account.documents.azure.com","_self":"","media":"//media/","addresses":"//addresses/","_dbs":"//dbs/",
             "writableLocations":[{{locations[0]}}],"readableLocations":[{{string.Join(',', locations)}}],"enableMultipleWriteLocations":false,
             "userConsistencyPolicy":{"defaultConsistencyLevel":"Session"},"userReplicationPolicy":{"asyncReplication":false,"minReplicaSetSize":3,"maxReplicasetSize":4},
             "systemReplicationPolicy":{"minReplicaSetSize":3,"maxReplicasetSize":4},"readPolicy":{"primaryReadCoefficient":1,"secondaryReadCoefficient":1},
             "queryEngineConfiguration":"{\"maxSqlQueryInputLength\":262144,\"maxJoinsPerSqlQuery\":5,\"maxLogicalAndPerSqlQuery\":500,\"maxLogicalOrPerSqlQuery\":500,\"maxUdfRefPerSqlQuery\":10,\"maxInExpressionItemsCount\":16000,\"queryMaxInMemorySortDocumentCount\":500,\"maxQueryRequestTimeoutFraction\":0.9,\"sqlAllowNonFiniteNumbers\":false,\"sqlAllowAggregateFunctions\":true,\"sqlAllowSubQuery\":true,\"sqlAllowScalarSubQuery\":true,\"allowNewKeywords\":true,\"sqlAllowLike\":true,\"sqlAllowGroupByClause\":true,\"maxSpatialQueryCells\":12,\"spatialMaxGeometryPointCount\":256,\"sqlDisableOptimizationFlags\":0,\"sqlAllowTop\":true,\"enableSpatialIndexing\":true}"}
            """;
    }
}
