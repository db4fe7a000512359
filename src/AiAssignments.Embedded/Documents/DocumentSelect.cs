using System.Globalization;
using System.Text;
using AiAssignments.Core.Storage;
using Microsoft.Data.Sqlite;

namespace AiAssignments.Embedded.Documents;

/// <summary>
/// A query as SQL with parameters. Values of different JSON types never match or mix: a filter holds only for its own type, and an order has
/// absent and null values first, then booleans, numbers, strings (the order of types that Cosmos DB documents).
/// </summary>
internal static class DocumentSelect
{
    private const string Rank = "CASE json_type(body, $order) WHEN 'false' THEN 1 WHEN 'true' THEN 1 WHEN 'integer' THEN 2 WHEN 'real' THEN 2 WHEN 'text' THEN 3 ELSE 0 END";
    private const string Key = "CASE WHEN json_type(body, $order) IN ('array', 'object') THEN NULL ELSE json_extract(body, $order) END";

    public static SqliteCommand Build(SqliteConnection connection, string container, string partition, DocumentQuery query, DocumentCursor? after)
    {
        var command = connection.CreateCommand();
        var inner = new StringBuilder("SELECT id, body, etag");
        if (query.OrderBy is { } order)
        {
            inner.Append(", ").Append(Rank).Append(" AS rank, ").Append(Key).Append(" AS key");
            command.Parameters.AddWithValue("$order", DocumentPath.ToJsonPath(order));
        }
        else
        {
            inner.Append(", 0 AS rank, NULL AS key");
        }

        inner.Append(" FROM documents WHERE container = $container AND partition = $partition");
        command.Parameters.AddWithValue("$container", container);
        command.Parameters.AddWithValue("$partition", partition);
        for (var i = 0; i < query.Filters.Count; i++)
        {
            AppendFilter(inner, command, query.Filters[i], i);
        }

        var sql = new StringBuilder("SELECT id, body, etag, rank, key FROM (").Append(inner).Append(')');
        var (beyond, direction) = query.Descending ? ("<", "DESC") : (">", "ASC");
        if (after is not null)
        {
            // Absent values have no key; all others of a rank compare with their like.
            sql.Append(CultureInfo.InvariantCulture, $" WHERE rank {beyond} $rank OR (rank = $rank AND (key {beyond} $key OR (key IS $key AND id {beyond} $id)))");
            command.Parameters.AddWithValue("$rank", after.Rank);
            command.Parameters.AddWithValue("$key", (object?)after.Text ?? (object?)after.Whole ?? (object?)after.Number ?? DBNull.Value);
            command.Parameters.AddWithValue("$id", after.Id);
        }

        sql.Append(CultureInfo.InvariantCulture, $" ORDER BY rank {direction}, key {direction}, id {direction} LIMIT $limit");
        command.Parameters.AddWithValue("$limit", query.PageSize + 1);
        command.CommandText = sql.ToString();
        return command;
    }

    private static void AppendFilter(StringBuilder sql, SqliteCommand command, DocumentFilter filter, int index)
    {
        var (types, value) = filter.Value switch
        {
            string text => ("'text'", (object)text),
            bool flag => ("'true', 'false'", flag ? 1L : 0L),
            int number => ("'integer', 'real'", (long)number),
            long number => ("'integer', 'real'", number),
            var number => ("'integer', 'real'", number),
        };
        sql.Append(CultureInfo.InvariantCulture, $" AND json_type(body, $path{index}) IN ({types}) AND json_extract(body, $path{index}) {filter.Operator} $value{index}");
        command.Parameters.AddWithValue($"$path{index}", DocumentPath.ToJsonPath(filter.Property));
        command.Parameters.AddWithValue($"$value{index}", value);
    }
}
