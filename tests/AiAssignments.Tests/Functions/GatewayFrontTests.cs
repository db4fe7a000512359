using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AiAssignments.Pipeline.Access;
using AiAssignments.Tests.Pipeline;

namespace AiAssignments.Tests.Functions;

/// <summary>The gateway as the Functions app answers it: authentication, limits, problems, CORS, and the whole way from a dataset to its report.</summary>
public sealed class GatewayFrontTests
{
    [Fact]
    public async Task Nobody_gets_in_without_a_key_but_to_what_is_open()
    {
        await using var host = await FunctionsHost.StartAsync();
        foreach (var open in new[] { "/", "/api/health/live", "/openapi.json", "/docs" })
        {
            using var answer = await host.SendAsync(HttpMethod.Get, open);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{open}: {answer.StatusCode}");
        }

        using var refused = await host.SendAsync(HttpMethod.Get, "/api/models");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.ToString());
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType!.MediaType);
        Assert.Equal("request-unauthenticated", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());

        var reader = await host.KeyAsync(AccessScope.Read);
        using var read = await host.SendAsync(HttpMethod.Get, "/api/models", reader);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Equal("nosniff", read.Headers.GetValues("X-Content-Type-Options").Single());
        using var forbidden = await host.SendAsync(HttpMethod.Post, "/api/memory/trim", reader);
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        using var head = await host.SendAsync(HttpMethod.Head, "/api/models", reader);
        Assert.Equal((HttpStatusCode.OK, 0), (head.StatusCode, (await head.Content.ReadAsByteArrayAsync()).Length));
    }

    [Fact]
    public async Task What_is_nowhere_and_what_is_too_large_is_a_problem()
    {
        await using var host = await FunctionsHost.StartAsync();
        var key = await host.KeyAsync(AccessScope.Admin);
        using var nowhere = await host.SendAsync(HttpMethod.Get, "/api/nothing/here", key);
        Assert.Equal((HttpStatusCode.NotFound, "route-not-found"), (nowhere.StatusCode, await CodeAsync(nowhere)));
        using var method = await host.SendAsync(HttpMethod.Put, "/api/models", key);
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "method-not-allowed"), (method.StatusCode, await CodeAsync(method)));
        Assert.Equal("GET, HEAD, POST", string.Join(", ", method.Content.Headers.Allow));
        using var large = await host.SendAsync(HttpMethod.Post, "/api/keys", key, new ByteArrayContent(new byte[64 * 1024]));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "request-too-large"), (large.StatusCode, await CodeAsync(large)));
        using var missing = await host.SendAsync(HttpMethod.Get, "/api/jobs/no-such", key);
        Assert.Equal((HttpStatusCode.NotFound, "job-not-found"), (missing.StatusCode, await CodeAsync(missing)));
    }

    [Fact]
    public async Task What_has_no_client_of_the_task_hub_does_not_reach_it()
    {
        await using var host = await FunctionsHost.StartAsync();
        var runtime = host.Pipeline.Runtime;
        var key = await host.KeyAsync(AccessScope.Admin);
        var model = await runtime.Models.RegisterAsync(Path.Combine(PipelineFixture.ModelsFolder, "topic"), null, activate: true, CancellationToken.None);
        var dataset = await runtime.Datasets.RegisterAsync(Path.Combine(PipelineFixture.SamplesFolder, "topics.jsonl"), Core.Datasets.DatasetOptions.Default, CancellationToken.None);
        var without = FunctionSource.Http.Where(function => !function.Text.Contains("[DurableClient]", StringComparison.Ordinal)).ToList();
        Assert.Contains(without, function => function.Name == "PredictWithVersion");
        foreach (var function in without)
        {
            var path = function.Route.Replace("{name}", "topic", StringComparison.Ordinal).Replace("{version}", model.Card.Version, StringComparison.Ordinal).Replace("{id}", dataset.Id, StringComparison.Ordinal)
                .Replace("{fingerprint}/{**path}", "0/none.js", StringComparison.Ordinal).Replace("{ignored:maxlength(0)?}", string.Empty, StringComparison.Ordinal).Replace("{**path}", "nowhere", StringComparison.Ordinal);
            Assert.DoesNotContain('{', path);
            foreach (var method in function.Methods)
            {
                using var body = method is "POST" ? JsonContent.Create(new { inputs = new[] { "The team won the cup" }, name = "a key", scope = "read" }) : null;
                using var answer = await host.SendAsync(new HttpMethod(method), "/" + path, key, body);
                Assert.True((int)answer.StatusCode is < 500, $"{function.Name}: {answer.StatusCode}");
            }
        }

        Assert.Empty(host.Hub.Strays);
    }

    [Fact]
    public async Task Only_listed_origins_may_call_from_a_browser()
    {
        await using var host = await FunctionsHost.StartAsync(new AccessOptions { Keys = true, Origins = ["https://app.example"] });
        foreach (var (origin, allowed) in new[] { ("https://app.example", true), ("https://other.example", false) })
        {
            using var asked = await host.SendAsync(HttpMethod.Options, "/api/models", null, null, ("Origin", origin), ("Access-Control-Request-Method", "GET"), ("Access-Control-Request-Headers", "x-api-key"));
            Assert.Equal(allowed ? [origin] : Array.Empty<string>(), asked.Headers.TryGetValues("Access-Control-Allow-Origin", out var answer) ? answer : []);
            Assert.Equal(HttpStatusCode.NoContent, asked.StatusCode);
            using var read = await host.SendAsync(HttpMethod.Get, "/api/models", await host.KeyAsync(AccessScope.Read), null, ("Origin", origin));
            Assert.Equal(allowed, read.Headers.Contains("Access-Control-Allow-Origin"));
        }
    }

    [Fact]
    public async Task A_dataset_that_is_sent_becomes_a_report_that_is_read()
    {
        await using var host = await FunctionsHost.StartAsync();
        var key = await host.KeyAsync(AccessScope.Admin);
        await host.Pipeline.Runtime.Models.RegisterAsync(Path.Combine(PipelineFixture.ModelsFolder, "topic"), null, activate: true, CancellationToken.None);
        using var sent = await host.SendAsync(
            HttpMethod.Post, "/api/datasets?name=topics.jsonl&evaluate=true", key, new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(PipelineFixture.SamplesFolder, "topics.jsonl"))));
        Assert.Equal(HttpStatusCode.Created, sent.StatusCode);
        var id = (await sent.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("evaluations")[0].GetString()!;
        await host.Pipeline.Runtime.Workflows.WaitAsync(id, CancellationToken.None);

        using var job = await host.SendAsync(HttpMethod.Get, $"/api/jobs/{id}", key);
        Assert.Equal("completed", (await job.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString());
        using var report = await host.SendAsync(HttpMethod.Get, $"/reports/{id}/report.html", key);
        Assert.Equal(HttpStatusCode.OK, report.StatusCode);
        using var predicted = await host.SendAsync(HttpMethod.Post, "/api/models/topic/predict", key, new StringContent("""{"text":"Shares fell after the profit warning"}""", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, predicted.StatusCode);
        using var negotiated = await host.SendAsync(HttpMethod.Post, "/api/negotiate", key);
        Assert.StartsWith("wss://hub.example/client?user=key:", (await negotiated.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").GetString(), StringComparison.Ordinal);
        using var signed = await host.SendAsync(HttpMethod.Post, "/api/datasets/direct?name=more.csv", key);
        Assert.Equal(HttpStatusCode.Created, signed.StatusCode);
        Assert.Equal("0/more.csv", (await signed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("name").GetString());
        using var deleted = await host.SendAsync(HttpMethod.Delete, $"/api/evaluations/{id}", key);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Empty(host.Pipeline.Hub.Instances);
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();
}
