using System.Globalization;
using System.Text;
using AiAssignments.Core.Storage;
using Microsoft.Azure.Cosmos;

namespace AiAssignments.Azure.Documents;

/// <summary>
/// One page of a query as Cosmos DB's SQL. Everything that a caller gave is a parameter, but for the names of properties, which are names only (<see cref="DocumentProperty"/>).
/// A page goes on from the last one's sort key, so that no token of the server's is kept, and ends in the id, so that equal keys have an order: the
/// composite indexes (property, id) serve both.
/// </summary>
/// <param name="partition">Partition key.</param>
/// <param name="query">Filters and order, checked.</param>
/// <param name="after">Where the page before ended.</param>
internal sealed class PageQuery(string partition, DocumentQuery query, PageCursor? after)
{
    private readonly string? key = query.OrderBy is { } order ? PathOf(order) : null;

    /// <summary>What must be asked, one after the other, until the page is full.</summary>
    public IReadOnlyList<PageScope> Scopes()
    {
        if (key is null)
        {
            return [PageScope.All];
        }

        // A filter on the property holds for scalars only, so none of the others can come.
        if (query.Filters.Any(filter => filter.Property == query.OrderBy))
        {
            return [PageScope.Keyed];
        }

        var scopes = query.Descending ? new[] { PageScope.Keyed, PageScope.Keyless } : [PageScope.Keyless, PageScope.Keyed];
        return after is null ? scopes : [.. scopes.SkipWhile(scope => scope != ScopeOf(after))];
    }

    /// <summary>The query of one scope.</summary>
    /// <param name="scope">Which documents.</param>
    /// <param name="limit">How many at most.</param>
    public QueryDefinition Build(PageScope scope, int limit)
    {
        var parameters = new List<(string Name, object Value)> { ("@partition", partition) };
        var sql = new StringBuilder();
        sql.Append(CultureInfo.InvariantCulture, $"SELECT TOP {limit} c.id, c[\"value\"] AS body, c._etag AS etag FROM c WHERE c[\"partition\"] = @partition");
        for (var i = 0; i < query.Filters.Count; i++)
        {
            var filter = query.Filters[i];
            sql.Append(CultureInfo.InvariantCulture, $" AND {PathOf(filter.Property)} {filter.Operator} @filter{i}");
            parameters.Add(($"@filter{i}", filter.Value));
        }

        if (scope is not PageScope.All)
        {
            sql.Append(scope is PageScope.Keyless ? " AND NOT " : " AND ").Append(CultureInfo.InvariantCulture, $"(IS_BOOL({key}) OR IS_NUMBER({key}) OR IS_STRING({key}))");
        }

        if (after is not null && (scope is PageScope.All || scope == ScopeOf(after)))
        {
            sql.Append(" AND ").Append(scope is PageScope.Keyed ? BeyondKey() : BeyondId());
            parameters.Add(("@id", after.Id));
            if (scope is PageScope.Keyed)
            {
                parameters.Add(("@key", after.Key!));
            }
        }

        var direction = query.Descending ? "DESC" : "ASC";
        sql.Append(" ORDER BY ");
        if (scope is PageScope.Keyed)
        {
            sql.Append(CultureInfo.InvariantCulture, $"{key} {direction}, ");
        }

        sql.Append(CultureInfo.InvariantCulture, $"c.id {direction}");
        return parameters.Aggregate(new QueryDefinition(sql.ToString()), (definition, parameter) => definition.WithParameter(parameter.Name, parameter.Value));
    }

    private static string PathOf(string property) => "c[\"value\"]" + string.Concat(DocumentProperty.Names(property).Select(name => $"[\"{name}\"]"));

    private static PageScope ScopeOf(PageCursor cursor) => cursor.Key is null ? PageScope.Keyless : PageScope.Keyed;

    private string BeyondId() => query.Descending ? "c.id < @id" : "c.id > @id";

    // The first condition is the range that the index is read from; the second drops what of the first key was seen. Then come the values of the types that
    // sort after this one: absent, booleans, numbers, strings (learn.microsoft.com/azure/cosmos-db/nosql/query/order-by; SqliteDocumentStore has the same).
    private string BeyondKey()
    {
        var beyond = query.Descending ? "<" : ">";
        var same = $"({key} {beyond}= @key AND ({key} {beyond} @key OR {BeyondId()}))";
        var others = (after!.Key, query.Descending) switch
        {
            (bool, false) => $" OR IS_NUMBER({key}) OR IS_STRING({key})",
            (double, false) => $" OR IS_STRING({key})",
            (double, true) => $" OR IS_BOOL({key})",
            (string, true) => $" OR IS_BOOL({key}) OR IS_NUMBER({key})",
            _ => string.Empty,
        };
        return others.Length == 0 ? same : $"({same}{others})";
    }
}
