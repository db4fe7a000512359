using System.Net;
using System.Text;

namespace AiAssignments.Tests.Azure.Documents;

/// <summary>
/// The plan that the service's gateway gives of a query, where the SDK cannot make it itself (all systems but Windows). A query of one logical
/// partition without aggregates is sent on as it is, so that the plan need say no more than that it has none.
/// </summary>
internal static class QueryPlan
{
    private const string Plan = """
        {
          "partitionedQueryExecutionInfoVersion": 2,
          "queryInfo": {
            "distinctType": "None", "top": null, "offset": null, "limit": null, "orderBy": [], "orderByExpressions": [], "groupByExpressions": [], "groupByAliases": [],
            "aggregates": [], "groupByAliasToAggregateType": {}, "rewrittenQuery": "", "hasSelectValue": false, "hasNonStreamingOrderBy": false
          },
          "queryRanges": [{ "min": "", "max": "FF", "isMinInclusive": true, "isMaxInclusive": false }]
        }
        """;

    public static bool IsAsked(HttpRequestMessage request) => request.Headers.TryGetValues("x-ms-cosmos-is-query-plan-request", out var values) && bool.Parse(values.Single());

    public static HttpResponseMessage Answer() => new(HttpStatusCode.OK) { Content = new StringContent(Plan, Encoding.UTF8, "application/json") };
}
