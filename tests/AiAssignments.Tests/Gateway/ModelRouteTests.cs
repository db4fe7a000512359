using System.Net;
using System.Text.Json;

namespace AiAssignments.Tests.Gateway;

public sealed class ModelRouteTests(EvaluatedHost evaluated) : IClassFixture<EvaluatedHost>
{
    private readonly GatewayHost host = evaluated.Host;

    [Fact]
    public async Task Models_are_listed_by_name_with_versions_and_quality()
    {
        var page = await host.ReadAsync("/api/models?task=text-classification");
        var names = page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()).ToList();
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        var topic = page.GetProperty("items").EnumerateArray().Single(item => item.GetProperty("name").GetString() == "topic");
        Assert.Equal("text-classification", topic.GetProperty("task").GetString());
        Assert.Equal("1", topic.GetProperty("active").GetString());
        Assert.Equal(2, topic.GetProperty("versions").GetArrayLength());
        Assert.Equal(4, topic.GetProperty("labels").GetArrayLength());
        Assert.Equal(2, topic.GetProperty("quality").GetProperty("evaluations").GetInt32());
        Assert.False(topic.TryGetProperty("card", out _));
        Assert.DoesNotContain("entity", names);
    }

    [Fact]
    public async Task A_threshold_leaves_the_models_over_it()
    {
        var accuracy = evaluated.Evaluations[0].Outcome!.Headline.Value!.Value;
        var over = await host.ReadAsync(FormattableString.Invariant($"/api/models?minAccuracy={accuracy - 0.0001:0.######}&sort=-accuracy"));
        var figures = over.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("quality").GetProperty("accuracy").GetDouble()).ToList();
        Assert.NotEmpty(figures);
        Assert.Equal(figures.OrderDescending(), figures);
        Assert.All(figures, figure => Assert.True(figure >= accuracy - 0.0001));
        Assert.Equal(0, (await host.ReadAsync("/api/models?minAccuracy=1&task=token-classification")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task One_model_has_its_card_and_one_version_too()
    {
        var model = await host.ReadAsync("/api/models/topic");
        Assert.Equal("topic", model.GetProperty("card").GetProperty("name").GetString());
        var version = await host.ReadAsync("/api/models/topic/versions/2");
        Assert.Equal("2", version.GetProperty("version").GetString());
        Assert.False(version.GetProperty("active").GetBoolean());
        Assert.Equal("2", version.GetProperty("card").GetProperty("version").GetString());
    }

    [Fact]
    public async Task Pages_hold_every_model_once()
    {
        for (var i = 0; i < 5; i++)
        {
            await evaluated.ModelAsync("topic", $"paged-{i}", "1");
        }

        var seen = new List<string>();
        var continuation = string.Empty;
        do
        {
            var page = await host.ReadAsync($"/api/models?pageSize=2{continuation}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()!));
            continuation = page.TryGetProperty("continuation", out var token) ? $"&continuation={Uri.EscapeDataString(token.GetString()!)}" : null;
        }
        while (continuation is not null);

        Assert.Equal(seen.Distinct(), seen);
        Assert.True(seen.Count >= 9);
        (await host.GetAsync("/api/models?continuation=bm90IG91cnM")).Refuses(HttpStatusCode.BadRequest, "continuation-invalid");
    }

    [Fact]
    public async Task A_promoted_version_is_the_one_that_stands_for_the_name_and_only_others_can_be_deleted()
    {
        await evaluated.ModelAsync("topic", "changing", "1");
        await evaluated.ModelAsync("topic", "changing", "2");
        (await host.SendAsync(HttpMethod.Delete, "/api/models/changing/versions/1")).Refuses(HttpStatusCode.Conflict, "model-version-active-conflict");

        var promoted = await host.SendAsync(HttpMethod.Post, "/api/models/changing/versions/2/promote");
        Assert.Equal(HttpStatusCode.OK, promoted.Status);
        Assert.Equal("2", promoted.Json.GetProperty("active").GetString());
        Assert.Equal(HttpStatusCode.OK, (await host.SendAsync(HttpMethod.Post, "/api/models/changing/versions/2/promote")).Status);

        Assert.Equal(HttpStatusCode.NoContent, (await host.SendAsync(HttpMethod.Delete, "/api/models/changing/versions/1")).Status);
        (await host.GetAsync("/api/models/changing/versions/1")).Refuses(HttpStatusCode.NotFound, "model-not-found");
        Assert.Equal(HttpStatusCode.NoContent, (await host.SendAsync(HttpMethod.Delete, "/api/models/changing")).Status);
        (await host.SendAsync(HttpMethod.Delete, "/api/models/changing")).Refuses(HttpStatusCode.NotFound, "model-not-found");
        Assert.Empty(await host.Runtime.Blobs.ListAsync("models/changing/", CancellationToken.None).ToListAsync());
    }

    [Fact]
    public async Task A_copy_that_is_right_is_not_sent_again_and_a_stale_one_changes_nothing()
    {
        await evaluated.ModelAsync("topic", "tagged", "1");
        var first = await host.GetAsync("/api/models/tagged");
        var tag = first.Header("ETag")!;
        var again = await host.GetAsync("/api/models/tagged", ("If-None-Match", tag));
        Assert.Equal(HttpStatusCode.NotModified, again.Status);
        Assert.Empty(again.Body);
        Assert.Equal(tag, again.Header("ETag"));
        Assert.Equal(["no-cache", "private"], first.Header("Cache-Control")!.Split(", ").Order());

        var coded = await host.GetAsync("/api/models/tagged", ("Accept-Encoding", "gzip, br"));
        Assert.Equal(tag.Trim('"') + (coded.Header("Content-Encoding") is { } coding ? $"-{coding}" : string.Empty), coded.Header("ETag")!.Trim('"'));
        Assert.Equal(HttpStatusCode.NotModified, (await host.GetAsync("/api/models/tagged", ("If-None-Match", coded.Header("ETag")!))).Status);

        await evaluated.ModelAsync("topic", "tagged", "2");
        (await host.SendAsync(HttpMethod.Delete, "/api/models/tagged", null, ("If-Match", tag))).Refuses(HttpStatusCode.PreconditionFailed, "precondition-failed");
        (await host.SendAsync(HttpMethod.Delete, "/api/models/tagged", null, ("If-Match", $"W/{tag}"))).Refuses(HttpStatusCode.PreconditionFailed, "precondition-failed");
        var now = (await host.GetAsync("/api/models/tagged")).Header("ETag")!;
        Assert.Equal(HttpStatusCode.NoContent, (await host.SendAsync(HttpMethod.Delete, "/api/models/tagged", null, ("If-Match", $"\"other\", {now}"))).Status);
    }

    [Theory]
    [InlineData("?task=poetry", "task-unknown")]
    [InlineData("?minAccuracy=1.5", "option-out-of-range")]
    [InlineData("?minAccuracy=NaN", "option-out-of-range")]
    [InlineData("?minAccuracy=0,9", "option-out-of-range")]
    [InlineData("?pageSize=0", "option-out-of-range")]
    [InlineData("?pageSize=1001", "option-out-of-range")]
    [InlineData("?pageSize=2&pageSize=3", "query-invalid")]
    [InlineData("?sort=contentHash", "sort-unknown")]
    [InlineData("?sort=--name", "sort-unknown")]
    [InlineData("?continuation=%00", "continuation-invalid")]
    public async Task A_list_is_asked_for_in_its_own_words(string query, string code) => (await host.GetAsync("/api/models" + query)).Refuses(HttpStatusCode.BadRequest, code);

    [Theory]
    [InlineData("..%2f..%2fdocuments.db")]
    [InlineData("%2e%2e%2f%2e%2e%2fetc%2fpasswd")]
    [InlineData("topic%00")]
    [InlineData("topic%40")]
    [InlineData("topic@1")]
    [InlineData("%F0%9F%92%A9")]
    [InlineData("%ED%A0%80")]
    [InlineData("'%20OR%201=1--")]
    [InlineData("%3Cscript%3E")]
    public async Task A_hostile_name_is_a_name_that_is_not_there(string name)
    {
        foreach (var (method, path) in new[] { (HttpMethod.Get, $"/api/models/{name}"), (HttpMethod.Delete, $"/api/models/{name}"), (HttpMethod.Get, $"/api/models/topic/versions/{name}"), (HttpMethod.Post, $"/api/models/{name}/versions/1/promote") })
        {
            var reply = await host.SendAsync(method, path);
            Assert.True(reply.Status is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.BadRequest, $"{method} {path}: {(int)reply.Status} {reply.Text}");
        }

        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/api/models/topic")).Status);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("%2e%2e")]
    [InlineData(".%2E")]
    public async Task Steps_upwards_are_taken_before_a_route_is_looked_for(string step)
    {
        (await host.SendAsync(HttpMethod.Delete, $"/api/models/{step}")).Refuses(HttpStatusCode.NotFound, "route-not-found");
        (await host.GetAsync($"/{step}/{step}/etc/passwd")).Refuses(HttpStatusCode.NotFound, "route-not-found");
        Assert.Equal("topic", (await host.ReadAsync($"/api/models/topic/versions/{step}")).GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_name_without_end_is_refused() =>
        (await host.GetAsync("/api/models/" + new string('a', 5000))).Refuses(HttpStatusCode.NotFound, "route-not-found");

    [Fact]
    public async Task Paths_and_methods_that_are_not_there_are_problems_too()
    {
        (await host.GetAsync("/api/nothing")).Refuses(HttpStatusCode.NotFound, "route-not-found");
        var other = await host.SendAsync(HttpMethod.Put, "/api/models");
        other.Refuses(HttpStatusCode.MethodNotAllowed, "method-not-allowed");
        Assert.Contains("GET", other.Header("Allow"), StringComparison.Ordinal);
        var head = await host.SendAsync(HttpMethod.Head, "/api/models");
        Assert.Equal(HttpStatusCode.OK, head.Status);
        Assert.Empty(head.Body);
        Assert.NotNull(head.Header("ETag"));
    }

    [Fact]
    public async Task Health_is_told_to_anybody()
    {
        var live = await host.GetAsync("/api/health/live");
        Assert.Equal("""{"status":"live"}""", live.Text);
        Assert.Equal("no-store", live.Header("Cache-Control"));
        Assert.Equal("nosniff", live.Header("X-Content-Type-Options"));
        Assert.Equal("""{"status":"ready"}""", (await host.GetAsync("/api/health/ready")).Text);
        Assert.Equal(JsonValueKind.Object, live.Json.ValueKind);
    }
}
