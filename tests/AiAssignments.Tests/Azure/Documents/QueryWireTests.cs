using System.Diagnostics.Metrics;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using AiAssignments.Core.Telemetry;

namespace AiAssignments.Tests.Azure.Documents;

/// <summary>What a page costs and asks at the wire.</summary>
public sealed class QueryWireTests
{
    [Fact]
    public async Task Values_are_parameters_and_the_partition_is_in_every_query()
    {
        using var wire = new CosmosWire { Answer = _ => CosmosWire.Page(null, Row("a", "1")) };
        using var store = wire.Open();
        var query = new DocumentQuery { Filters = [new("active", "=", true), new("card.task", "=", "x' OR 1=1"), new("quality.accuracy", ">=", 0.5)], OrderBy = "registeredAt", Descending = true };

        await store.QueryAsync<int>("models", "all", query, default);

        Assert.Equal(2, wire.Documents.Count);
        Assert.All(wire.Documents, request =>
        {
            Assert.Equal("[\"all\"]", request["x-ms-documentdb-partitionkey"]);
            Assert.Contains("WHERE c[\"partition\"] = @partition AND", request.Sql, StringComparison.Ordinal);
            Assert.DoesNotContain("OR 1=1", request.Sql, StringComparison.Ordinal);
            Assert.Equal(
                new Dictionary<string, string> { ["@partition"] = "\"all\"", ["@filter0"] = "true", ["@filter1"] = "\"x\\u0027 OR 1=1\"", ["@filter2"] = "0.5" },
                request.Parameters);
        });
        Assert.Equal(
            "SELECT TOP 101 c.id, c[\"value\"] AS body, c._etag AS etag FROM c WHERE c[\"partition\"] = @partition AND c[\"value\"][\"active\"] = @filter0 AND c[\"value\"][\"card\"][\"task\"] = @filter1"
            + " AND c[\"value\"][\"quality\"][\"accuracy\"] >= @filter2 AND (IS_BOOL(c[\"value\"][\"registeredAt\"]) OR IS_NUMBER(c[\"value\"][\"registeredAt\"]) OR IS_STRING(c[\"value\"][\"registeredAt\"]))"
            + " ORDER BY c[\"value\"][\"registeredAt\"] DESC, c.id DESC",
            wire.Documents[0].Sql);
    }

    [Fact]
    public async Task A_page_is_one_query_where_it_is_full_or_filtered_by_what_it_is_sorted_by()
    {
        using var wire = new CosmosWire { Answer = _ => CosmosWire.Page(null, Row("a", "{\"x\":2}"), Row("b", "{\"x\":1}")) };
        using var store = wire.Open();

        var page = await store.QueryAsync<object>("models", "all", new DocumentQuery { OrderBy = "x", Descending = true, PageSize = 1 }, default);
        Assert.Equal("a", Assert.Single(page.Items).Id);
        Assert.Single(wire.Documents);
        await store.QueryAsync<object>("models", "all", new DocumentQuery { OrderBy = "x", Filters = [new("x", ">", 0L)] }, default);
        await store.QueryAsync<object>("models", "all", new DocumentQuery(), default);
        Assert.Equal(3, wire.Documents.Count);

        // The next page begins after the last document's own key.
        await store.QueryAsync<object>("models", "all", new DocumentQuery { OrderBy = "x", Descending = true, PageSize = 1, Continuation = page.Continuation }, default);
        Assert.Equal("2", wire.Documents[3].Parameters["@key"]);
        Assert.Equal("\"a\"", wire.Documents[3].Parameters["@id"]);
        Assert.Contains("[\"x\"] <= @key AND (", wire.Documents[3].Sql, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_in_parts_is_put_together_and_each_part_is_charged()
    {
        using var charges = new Charges();
        using var wire = new CosmosWire
        {
            Answer = request => request["x-ms-continuation"] is null
                ? Charged(CosmosWire.Page("{\"token\":\"next\",\"range\":{\"min\":\"\",\"max\":\"FF\"}}", Row("a", "1")), "2.5")
                : Charged(CosmosWire.Page(null, Row("b", "2")), "3.25"),
        };
        using var store = wire.Open();

        var page = await store.QueryAsync<int>("models", "all", new DocumentQuery(), default);

        Assert.Equal([1, 2], page.Items.Select(item => item.Value));
        Assert.Null(page.Continuation);
        Assert.Equal(2, wire.Documents.Count);
        Assert.Contains(("query", 2.5), charges.Seen);
        Assert.Contains(("query", 3.25), charges.Seen);
    }

    [Fact]
    public async Task Every_operation_counts_its_charge()
    {
        using var charges = new Charges();
        using var wire = new CosmosWire { Answer = request => Charged(request.Method == HttpMethod.Get ? CosmosWire.Item() : CosmosWire.Reply(request.Method == HttpMethod.Delete ? 204 : 201, "", ("etag", "\"e\"")), request.Method == HttpMethod.Get ? "1.125" : request.Method == HttpMethod.Delete ? "7.125" : "6.125") };
        using var store = wire.Open();

        await store.FindAsync<int>("models", "all", "id", default);
        await store.PutAsync("models", "all", "id", 1, null, default);
        await store.DeleteAsync("models", "all", "id", default);

        Assert.Contains(("read", 1.125), charges.Seen);
        Assert.Contains(("write", 6.125), charges.Seen);
        Assert.Contains(("delete", 7.125), charges.Seen);
    }

    [Fact]
    public async Task A_query_that_fails_midway_is_told()
    {
        using var wire = new CosmosWire
        {
            Answer = request => request["x-ms-continuation"] is null ? CosmosWire.Page("{\"token\":\"next\",\"range\":{\"min\":\"\",\"max\":\"FF\"}}", Row("a", "1")) : CosmosWire.Reply(403),
        };
        using var store = wire.Open();

        Assert.Equal("storage-forbidden", (await Assert.ThrowsAsync<ProblemException>(() => store.QueryAsync<int>("models", "all", new DocumentQuery(), default))).Problem.Code);
    }

    private static string Row(string id, string body) => $$"""{"id":"{{id}}","body":{{body}},"etag":"\"e\""}""";

    private static HttpResponseMessage Charged(HttpResponseMessage answer, string charge)
    {
        answer.Headers.Remove("x-ms-request-charge");
        answer.Headers.TryAddWithoutValidation("x-ms-request-charge", charge);
        return answer;
    }

    private sealed class Charges : IDisposable
    {
        private readonly MeterListener listener = new();
        private readonly List<(string, double)> seen = [];

        public Charges()
        {
            listener.InstrumentPublished = (instrument, self) =>
            {
                if (instrument == Instruments.StoreRequestCharge)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            };
            listener.SetMeasurementEventCallback<double>((_, charge, tags, _) =>
            {
                lock (seen)
                {
                    seen.Add(((string)tags[0].Value!, charge));
                }
            });
            listener.Start();
        }

        public IReadOnlyList<(string, double)> Seen
        {
            get
            {
                lock (seen)
                {
                    return [.. seen];
                }
            }
        }

        public void Dispose() => listener.Dispose();
    }
}
