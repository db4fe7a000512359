using System.Net;
using AiAssignments.Pipeline.Evaluations;

namespace AiAssignments.Tests.Gateway;

public sealed class EvaluationRouteTests(EvaluatedHost evaluated) : IClassFixture<EvaluatedHost>
{
    private readonly GatewayHost host = evaluated.Host;

    [Fact]
    public async Task An_evaluation_is_started_watched_and_deleted()
    {
        var body = $$$"""{"model":"topic","dataset":"{{{evaluated.Topics.Id}}}","options":{"seed":77,"bootstrapSamples":100}}""";
        var started = await host.PostAsync("/api/evaluations", body);
        Assert.Equal(HttpStatusCode.Accepted, started.Status);
        var location = started.Header("Location")!;
        var id = started.Json.GetProperty("id").GetString()!;
        Assert.Equal($"/api/evaluations/{id}", location);
        Assert.Equal("evaluation", started.Json.GetProperty("kind").GetString());
        await host.Runtime.Evaluations.WaitAsync(id, CancellationToken.None);

        Assert.Equal(id, (await host.PostAsync("/api/evaluations", body)).Json.GetProperty("id").GetString());
        var done = await host.ReadAsync(location);
        Assert.Equal("completed", done.GetProperty("status").GetString());
        Assert.Equal(77, done.GetProperty("request").GetProperty("options").GetProperty("seed").GetInt32());
        Assert.Equal(0.95, done.GetProperty("request").GetProperty("options").GetProperty("confidence").GetDouble());
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync(done.GetProperty("links").GetProperty("report").GetString()!)).Status);
        var job = await host.ReadAsync($"/api/jobs/{id}");
        Assert.Equal("completed", job.GetProperty("progress").GetProperty("stage").GetString());
        Assert.Equal(location, job.GetProperty("links").GetProperty("evaluation").GetString());

        Assert.Equal(HttpStatusCode.NoContent, (await host.SendAsync(HttpMethod.Post, location + "/cancel")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await host.SendAsync(HttpMethod.Delete, location)).Status);
        (await host.GetAsync(location)).Refuses(HttpStatusCode.NotFound, "evaluation-not-found");
        (await host.SendAsync(HttpMethod.Delete, location)).Refuses(HttpStatusCode.NotFound, "evaluation-not-found");
        (await host.SendAsync(HttpMethod.Post, location + "/cancel")).Refuses(HttpStatusCode.NotFound, "evaluation-not-found");
        (await host.GetAsync($"/api/jobs/{id}")).Refuses(HttpStatusCode.NotFound, "job-not-found");
    }

    [Theory]
    [InlineData("status=completed", 3)]
    [InlineData("status=failed", 0)]
    [InlineData("model=topic", 2)]
    [InlineData("model=topic@1", 2)]
    [InlineData("model=topic@2", 0)]
    [InlineData("task=text-classification", 3)]
    [InlineData("task=image-classification", 0)]
    public async Task A_list_is_filtered(string filter, int expected)
    {
        var known = evaluated.Evaluations.Select(evaluation => evaluation.Id).ToHashSet();
        var page = await host.ReadAsync($"/api/evaluations?{filter}");
        Assert.Equal(expected, page.GetProperty("items").EnumerateArray().Count(item => known.Contains(item.GetProperty("id").GetString()!)));
    }

    [Fact]
    public async Task A_list_of_a_dataset_holds_its_evaluations_alone()
    {
        var page = await host.ReadAsync($"/api/evaluations?dataset={evaluated.Sentiment.Id}");
        Assert.Equal(evaluated.Evaluations[2].Id, Assert.Single(page.GetProperty("items").EnumerateArray()).GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("-createdAt")]
    [InlineData("createdAt")]
    [InlineData("-headline")]
    [InlineData("model")]
    [InlineData("-updatedAt")]
    [InlineData("records")]
    [InlineData("status")]
    public async Task Pages_of_one_are_the_whole_list_in_order(string sort)
    {
        var whole = Ids(await host.ReadAsync($"/api/evaluations?sort={sort}&status=completed"));
        var seen = new List<string>();
        var continuation = string.Empty;
        while (continuation is not null)
        {
            var page = await host.ReadAsync($"/api/evaluations?sort={sort}&status=completed&pageSize=1{continuation}");
            seen.AddRange(Ids(page));
            continuation = page.TryGetProperty("continuation", out var token) ? $"&continuation={Uri.EscapeDataString(token.GetString()!)}" : null;
        }

        Assert.Equal(whole, seen);
        Assert.True(seen.Count >= 3);
    }

    [Fact]
    public async Task A_page_goes_on_where_the_last_one_ended_whatever_came_and_went_meanwhile()
    {
        var first = await host.ReadAsync("/api/evaluations?pageSize=1&model=topic");
        var shown = Ids(first).Single();
        var late = await evaluated.EvaluateAsync("topic@1", evaluated.Topics, 1001);
        var rest = Ids(await host.ReadAsync($"/api/evaluations?pageSize=100&model=topic&continuation={Uri.EscapeDataString(first.GetProperty("continuation").GetString()!)}"));
        Assert.DoesNotContain(shown, rest);
        Assert.DoesNotContain(late.Id, rest);
        await host.Runtime.Evaluations.DeleteAsync(late.Id, CancellationToken.None);
        Assert.Equal(rest, Ids(await host.ReadAsync($"/api/evaluations?pageSize=100&model=topic&continuation={Uri.EscapeDataString(first.GetProperty("continuation").GetString()!)}")));
        (await host.GetAsync($"/api/evaluations?model=sentiment&continuation={Uri.EscapeDataString(first.GetProperty("continuation").GetString()!)}")).Refuses(HttpStatusCode.BadRequest, "continuation-invalid");
    }

    [Theory]
    [InlineData("""{"model":"topic"}""", HttpStatusCode.BadRequest, "request-json-invalid")]
    [InlineData("""{"model":"topic","dataset":null}""", HttpStatusCode.BadRequest, "request-json-invalid")]
    [InlineData("""{"model":"topic","dataset":"D","more":1}""", HttpStatusCode.BadRequest, "request-json-invalid")]
    [InlineData("""{"model":"topic","model":"topic","dataset":"D"}""", HttpStatusCode.BadRequest, "request-json-invalid")]
    [InlineData("""{"model":"topic","dataset":"D","options":{"dataset":null}}""", HttpStatusCode.BadRequest, "request-json-invalid")]
    [InlineData("""{"model":"topic","dataset":"D","options":{"seed":"x"}}""", HttpStatusCode.BadRequest, "request-json-invalid")]
    [InlineData("[", HttpStatusCode.BadRequest, "request-json-invalid")]
    [InlineData("""{"model":"topic","dataset":"D","options":{"confidence":2}}""", HttpStatusCode.BadRequest, "option-out-of-range")]
    [InlineData("""{"model":"nobody","dataset":"D"}""", HttpStatusCode.NotFound, "model-not-found")]
    [InlineData("""{"model":"topic","dataset":"../../x"}""", HttpStatusCode.NotFound, "dataset-not-found")]
    public async Task A_start_that_cannot_be_is_refused(string body, HttpStatusCode status, string code) =>
        (await host.PostAsync("/api/evaluations", body.Replace("\"D\"", $"\"{evaluated.Topics.Id}\"", StringComparison.Ordinal))).Refuses(status, code);

    [Fact]
    public async Task A_start_is_json() => (await host.PostAsync("/api/evaluations", "a=b"u8.ToArray(), "application/x-www-form-urlencoded")).Refuses(HttpStatusCode.UnsupportedMediaType, "media-type-unsupported");

    [Fact]
    public async Task One_key_is_one_start_however_many_ask_at_once()
    {
        var body = $$$"""{"model":"topic@1","dataset":"{{{evaluated.Topics.Id}}}","options":{"seed":500,"bootstrapSamples":100}}""";
        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => host.PostAsync("/api/evaluations", body, ("Idempotency-Key", "one"))));
        Assert.All(replies, reply => Assert.Equal(HttpStatusCode.Accepted, reply.Status));
        Assert.Single(replies.Select(reply => reply.Text).Distinct());
        Assert.All(replies, reply => Assert.Equal(replies[0].Header("Location"), reply.Header("Location")));
        Assert.Equal(15, replies.Count(reply => reply.Header("Idempotency-Replayed") == "true"));

        (await host.PostAsync("/api/evaluations", body.Replace("500", "501", StringComparison.Ordinal), ("Idempotency-Key", "one"))).Refuses(HttpStatusCode.UnprocessableEntity, "idempotency-key-conflict");
        (await host.PostAsync("/api/evaluations", body, ("Idempotency-Key", "two words"))).Refuses(HttpStatusCode.BadRequest, "idempotency-key-invalid");
        (await host.PostAsync("/api/evaluations", body.Replace("topic@1", "nobody", StringComparison.Ordinal), ("Idempotency-Key", "refused"))).Refuses(HttpStatusCode.NotFound, "model-not-found");
        Assert.Equal(HttpStatusCode.Accepted, (await host.PostAsync("/api/evaluations", body, ("Idempotency-Key", "refused"))).Status);
        var id = replies[0].Json.GetProperty("id").GetString()!;
        await host.Runtime.Evaluations.WaitAsync(id, CancellationToken.None);
        await host.Runtime.Evaluations.DeleteAsync(id, CancellationToken.None);
    }

    [Fact]
    public async Task Two_are_compared_once_and_the_comparison_goes_with_either()
    {
        var a = await evaluated.EvaluateAsync("topic@1", evaluated.Topics, 31);
        var b = await evaluated.EvaluateAsync("topic@1", evaluated.Topics, 32);
        var made = await host.PostAsync("/api/comparisons", $$"""{"a":"{{a.Id}}","b":"{{b.Id}}"}""");
        Assert.Equal(HttpStatusCode.Created, made.Status);
        var location = made.Header("Location")!;
        var links = made.Json.GetProperty("links");
        Assert.Equal(152, made.Json.GetProperty("paired").GetInt64());
        Assert.Equal(0, made.Json.GetProperty("onlyA").GetInt64());
        Assert.Equal(HttpStatusCode.OK, (await host.PostAsync("/api/comparisons", $$"""{"a":"{{a.Id}}","b":"{{b.Id}}"}""")).Status);
        Assert.Equal(made.Text, (await host.GetAsync(location)).Text);
        Assert.Contains(Ids(await host.ReadAsync("/api/comparisons")), id => location.EndsWith(id, StringComparison.Ordinal));
        var report = await host.GetAsync(links.GetProperty("report").GetString()!);
        Assert.StartsWith("text/html", report.Header("Content-Type"), StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", report.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync(links.GetProperty("json").GetString()!)).Status);
        (await host.GetAsync(links.GetProperty("report").GetString()!.Replace("comparison.html", "report.html", StringComparison.Ordinal))).Refuses(HttpStatusCode.NotFound, "report-not-found");

        await host.Runtime.Evaluations.DeleteAsync(b.Id, CancellationToken.None);
        (await host.GetAsync(location)).Refuses(HttpStatusCode.NotFound, "comparison-not-found");
        (await host.GetAsync(links.GetProperty("report").GetString()!)).Refuses(HttpStatusCode.NotFound, "report-not-found");
        Assert.Empty(await host.Runtime.Blobs.ListAsync("reports/comparisons/", CancellationToken.None).Where(blob => blob.Path.Contains(b.Id[..8], StringComparison.Ordinal)).ToListAsync());
        await host.Runtime.Evaluations.DeleteAsync(a.Id, CancellationToken.None);
    }

    [Fact]
    public async Task A_comparison_needs_two_finished_ones_of_the_same_records()
    {
        var ids = evaluated.Evaluations.Select(evaluation => evaluation.Id).ToList();
        (await host.PostAsync("/api/comparisons", $$"""{"a":"{{ids[0]}}","b":"{{ids[0]}}"}""")).Refuses(HttpStatusCode.BadRequest, "comparison-same");
        (await host.PostAsync("/api/comparisons", $$"""{"a":"{{ids[0]}}","b":"{{ids[2]}}"}""")).Refuses(HttpStatusCode.BadRequest, "comparison-datasets-differ");
        (await host.PostAsync("/api/comparisons", $$"""{"a":"{{ids[0]}}","b":"nobody"}""")).Refuses(HttpStatusCode.NotFound, "evaluation-not-found");
        (await host.PostAsync("/api/comparisons", """{"a":"x"}""")).Refuses(HttpStatusCode.BadRequest, "request-json-invalid");
        var made = await host.PostAsync("/api/comparisons", $$"""{"a":"{{ids[0]}}","b":"{{ids[1]}}"}""", ("Idempotency-Key", "compare"));
        Assert.Equal(made.Text, (await host.PostAsync("/api/comparisons", $$"""{"a":"{{ids[0]}}","b":"{{ids[1]}}"}""", ("Idempotency-Key", "compare"))).Text);
        Assert.Equal(HttpStatusCode.NoContent, (await host.SendAsync(HttpMethod.Delete, made.Header("Location")!)).Status);
        (await host.SendAsync(HttpMethod.Delete, made.Header("Location")!)).Refuses(HttpStatusCode.NotFound, "comparison-not-found");
    }

    [Fact]
    public async Task Jobs_are_listed()
    {
        var page = await host.ReadAsync("/api/jobs?kind=evaluation&status=completed&pageSize=2");
        Assert.Equal(2, page.GetProperty("items").GetArrayLength());
        Assert.Equal(0, (await host.ReadAsync("/api/jobs?kind=upload")).GetProperty("items").GetArrayLength());
        (await host.GetAsync("/api/jobs?status=great")).Refuses(HttpStatusCode.BadRequest, "status-unknown");
        (await host.GetAsync("/api/jobs/%2e%2e%2f%2e%2e")).Refuses(HttpStatusCode.NotFound, "job-not-found");
    }

    [Fact]
    public async Task A_report_is_read_whole_in_parts_and_not_twice()
    {
        var path = $"/reports/{evaluated.Evaluations[0].Id}/{ReportFiles.Html}";
        var whole = await host.GetAsync(path);
        var tag = whole.Header("ETag")!;
        Assert.Equal("bytes", whole.Header("Accept-Ranges"));
        Assert.Contains("default-src 'none'", whole.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotModified, (await host.GetAsync(path, ("If-None-Match", tag))).Status);

        var part = await host.GetAsync(path, ("Range", "bytes=10-19"));
        Assert.Equal(HttpStatusCode.PartialContent, part.Status);
        Assert.Equal(whole.Body[10..20], part.Body);
        Assert.Equal($"bytes 10-19/{whole.Body.Length}", part.Header("Content-Range"));
        Assert.Equal(whole.Body[^7..], (await host.GetAsync(path, ("Range", "bytes=-7"))).Body);
        Assert.Equal(whole.Body[100..], (await host.GetAsync(path, ("Range", "bytes=100-"))).Body);
        Assert.Equal(whole.Body, (await host.GetAsync(path, ("Range", "bytes=0-99999999999"))).Body);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync(path, ("Range", "bytes=0-1,5-6"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync(path, ("Range", "lines=1-2"))).Status);
        Assert.Equal(HttpStatusCode.PartialContent, (await host.GetAsync(path, ("Range", "bytes=0-1"), ("If-Range", tag))).Status);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync(path, ("Range", "bytes=0-1"), ("If-Range", "\"other\""))).Status);
        var outside = await host.GetAsync(path, ("Range", $"bytes={whole.Body.Length}-"));
        outside.Refuses(HttpStatusCode.RequestedRangeNotSatisfiable, "range-unsatisfiable");
        Assert.Equal($"bytes */{whole.Body.Length}", outside.Header("Content-Range"));

        var coded = await host.GetAsync(path, ("Accept-Encoding", "gzip"));
        Assert.Equal("gzip", coded.Header("Content-Encoding"));
        Assert.True(coded.Body.Length < whole.Body.Length / 2);

        // Who has the beginning of the coded bytes cannot go on with uncoded ones.
        foreach (var other in new[] { coded.Header("ETag")!, tag.Insert(tag.Length - 1, "-br"), $"W/{tag}", "*" })
        {
            Assert.Equal(HttpStatusCode.OK, (await host.GetAsync(path, ("Range", "bytes=0-1"), ("If-Range", other))).Status);
        }

        using var plain = new MemoryStream();
        await new System.IO.Compression.GZipStream(new MemoryStream(coded.Body), System.IO.Compression.CompressionMode.Decompress).CopyToAsync(plain);
        Assert.Equal(whole.Body, plain.ToArray());
        Assert.Null((await host.GetAsync(path, ("Accept-Encoding", "br;q=0, gzip;q=0"))).Header("Content-Encoding"));
    }

    [Theory]
    [InlineData("report.md", "text/markdown; charset=utf-8")]
    [InlineData("report.json", "application/json")]
    [InlineData("predictions.csv", "text/csv; charset=utf-8")]
    [InlineData("predictions.parquet", "application/vnd.apache.parquet")]
    [InlineData("predictions.jsonl", "application/jsonl")]
    public async Task A_report_has_every_format(string file, string type)
    {
        var reply = await host.GetAsync($"/reports/{evaluated.Evaluations[0].Id}/{file}");
        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Equal(type, reply.Header("Content-Type"));
        Assert.Equal(file.StartsWith("predictions", StringComparison.Ordinal), reply.Header("Content-Disposition") is not null);
    }

    [Theory]
    [InlineData("nobody/report.html")]
    [InlineData("ID/..%2freport.html")]
    [InlineData("ID/secret.txt")]
    [InlineData("..%2f..%2f/report.html")]
    [InlineData("ID/comparison.html")]
    public async Task Nothing_but_a_reports_files_is_read(string path) =>
        (await host.GetAsync("/reports/" + path.Replace("ID", evaluated.Evaluations[0].Id, StringComparison.Ordinal))).Refuses(HttpStatusCode.NotFound, "report-not-found");

    private static List<string> Ids(System.Text.Json.JsonElement page) => [.. page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)];
}
