using System.Net;
using System.Text;
using System.Text.Json;
using AiAssignments.Http.Problems;
using AiAssignments.Http.Requests;
using AiAssignments.Http.Routes;
using AiAssignments.Pipeline.Optimizations.Passes;

namespace AiAssignments.Tests.Gateway;

/// <summary>Optimizations over HTTP: asked for, watched, listed, reported, cancelled, deleted; what is refused is not served.</summary>
public sealed class OptimizationRouteTests(EvaluatedHost evaluated) : IClassFixture<EvaluatedHost>
{
    private readonly GatewayHost host = evaluated.Host;

    [Fact]
    public async Task An_optimization_is_started_watched_reported_and_deleted()
    {
        var body = $$$"""{"model":"topic","gateDataset":"{{{evaluated.Topics.Id}}}","quantize":{"mode":"float16"},"gate":{"maxAccuracyDrop":0.05},"options":{"bootstrapSamples":100}}""";
        var started = await host.PostAsync("/api/optimizations", body, ("Idempotency-Key", "optimize-1"));
        Assert.True(started.Status == HttpStatusCode.Accepted, started.Text);
        var (location, id) = (started.Header("Location")!, started.Json.GetProperty("id").GetString()!);
        Assert.Equal($"/api/optimizations/{id}", location);
        Assert.Equal("optimization", started.Json.GetProperty("kind").GetString());
        Assert.Equal(started.Text, (await host.PostAsync("/api/optimizations", body, ("Idempotency-Key", "optimize-1"))).Text);
        await host.Runtime.Optimizations.WaitAsync(id, CancellationToken.None);
        Assert.Equal(id, (await host.PostAsync("/api/optimizations", body)).Json.GetProperty("id").GetString());

        var read = await host.GetAsync(location);
        Assert.Equal(HttpStatusCode.NotModified, (await host.GetAsync(location, ("If-None-Match", read.Header("ETag")!))).Status);
        var done = read.Json;
        Assert.Equal("completed", done.GetProperty("status").GetString());
        Assert.Equal("quantize", done.GetProperty("request").GetProperty("pass").GetProperty("kind").GetString());
        Assert.Equal(5, done.GetProperty("progress").GetProperty("done").GetInt32());
        var outcome = done.GetProperty("outcome");
        Assert.True(outcome.GetProperty("accepted").GetBoolean(), outcome.GetProperty("verdict").GetString());
        Assert.Equal(3, outcome.GetProperty("after").GetProperty("batches").GetArrayLength());
        var links = done.GetProperty("links");
        foreach (var (name, type) in new[] { ("report", "text/html; charset=utf-8"), ("markdown", "text/markdown; charset=utf-8"), ("json", "application/json"), ("candidate", "application/json"), ("before", "application/json"), ("after", "application/json"), ("job", "application/json") })
        {
            var linked = await host.GetAsync(links.GetProperty(name).GetString()!);
            Assert.True(linked.Status == HttpStatusCode.OK, $"{name}: {linked.Text}");
            Assert.Equal(type, linked.Header("Content-Type"));
        }

        Assert.Contains("default-src 'none'", (await host.GetAsync(links.GetProperty("report").GetString()!)).Header("Content-Security-Policy"), StringComparison.Ordinal);
        var job = await host.ReadAsync($"/api/jobs/{id}");
        Assert.Equal(("optimization", location, links.GetProperty("report").GetString()), (job.GetProperty("kind").GetString(), job.GetProperty("links").GetProperty("optimization").GetString(), job.GetProperty("links").GetProperty("report").GetString()));
        Assert.Contains((await host.ReadAsync("/api/jobs?kind=optimization")).GetProperty("items").EnumerateArray(), one => one.GetProperty("id").GetString() == id);
        Assert.Equal("accepted", (await host.ReadAsync(links.GetProperty("candidate").GetString()!)).GetProperty("gate").GetString());

        // Its evaluations are listed as such, and the optimization is none of them.
        (await host.GetAsync($"/api/evaluations/{id}")).Refuses(HttpStatusCode.NotFound, "evaluation-not-found");
        (await host.GetAsync($"/reports/{id}/report.html")).Refuses(HttpStatusCode.NotFound, "report-not-found");
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/api/evaluations?status=completed")).Status);

        Assert.Equal(HttpStatusCode.NoContent, (await host.SendAsync(HttpMethod.Post, location + "/cancel")).Status);
        (await host.SendAsync(HttpMethod.Delete, location, null, ("If-Match", "\"another\""))).Refuses(HttpStatusCode.PreconditionFailed, "precondition-failed");
        Assert.Equal(HttpStatusCode.NoContent, (await host.SendAsync(HttpMethod.Delete, location)).Status);
        (await host.GetAsync(location)).Refuses(HttpStatusCode.NotFound, "optimization-not-found");
        (await host.SendAsync(HttpMethod.Delete, location)).Refuses(HttpStatusCode.NotFound, "optimization-not-found");
        (await host.SendAsync(HttpMethod.Post, location + "/cancel")).Refuses(HttpStatusCode.NotFound, "optimization-not-found");
        (await host.GetAsync(links.GetProperty("report").GetString()!)).Refuses(HttpStatusCode.NotFound, "report-not-found");
    }

    [Fact]
    public async Task What_the_gate_refused_stays_to_be_looked_at_and_is_not_promoted()
    {
        var body = $$$"""{"model":"sentiment","gateDataset":"{{{evaluated.Sentiment.Id}}}","prune":{"amount":0.95,"embeddings":true},"gate":{"maxAccuracyDrop":0,"activate":true}}""";
        var id = (await host.PostAsync("/api/optimizations", body)).Json.GetProperty("id").GetString()!;
        await host.Runtime.Optimizations.WaitAsync(id, CancellationToken.None);

        var done = await host.ReadAsync($"/api/optimizations/{id}");
        Assert.False(done.GetProperty("outcome").GetProperty("accepted").GetBoolean());
        var candidate = done.GetProperty("links").GetProperty("candidate").GetString()!;
        Assert.Equal("refused", (await host.ReadAsync(candidate)).GetProperty("gate").GetString());
        (await host.SendAsync(HttpMethod.Post, candidate + "/promote")).Refuses(HttpStatusCode.Conflict, "model-version-not-accepted");
        Assert.Equal("1", (await host.ReadAsync("/api/models/sentiment")).GetProperty("active").GetString());
        (await host.PostAsync("/api/optimizations", $$$"""{"model":"{{{done.GetProperty("outcome").GetProperty("candidate").GetString()}}}","gateDataset":"{{{evaluated.Sentiment.Id}}}","prune":{}}"""))
            .Refuses(HttpStatusCode.Conflict, "model-version-not-accepted");
        Assert.Equal(409, ProblemResponse.StatusOf("model-version-not-accepted"));

        Assert.Contains((await host.ReadAsync("/api/optimizations?accepted=false&model=sentiment")).GetProperty("items").EnumerateArray(), one => one.GetProperty("id").GetString() == id);
        Assert.DoesNotContain((await host.ReadAsync("/api/optimizations?accepted=true")).GetProperty("items").EnumerateArray(), one => one.GetProperty("id").GetString() == id);
        Assert.Empty((await host.ReadAsync("/api/optimizations?model=sentiment@9")).GetProperty("items").EnumerateArray());
        Assert.Equal(1, (await host.ReadAsync("/api/optimizations?status=completed&sort=-model&pageSize=1")).GetProperty("items").GetArrayLength());
        (await host.GetAsync("/api/optimizations?accepted=maybe")).Refuses(HttpStatusCode.BadRequest, "option-out-of-range");
        (await host.GetAsync("/api/optimizations?sort=size")).Refuses(HttpStatusCode.BadRequest, "sort-unknown");
    }

    [Theory]
    [InlineData("""{"model":"topic","gateDataset":"GATE"}""", "option-invalid")]
    [InlineData("""{"model":"topic","gateDataset":"GATE","quantize":{},"prune":{}}""", "option-invalid")]
    [InlineData("""{"model":"topic","gateDataset":"GATE","quantize":{"mode":"int3"}}""", "option-invalid")]
    [InlineData("""{"model":"topic","gateDataset":"GATE","quantize":{"nonsense":1}}""", "request-json-invalid")]
    [InlineData("""{"model":"topic","gateDataset":"GATE","quantize":{"mode":null}}""", "request-json-invalid")]
    [InlineData("""{"model":"topic","gateDataset":"GATE","prune":{"amount":2}}""", "option-out-of-range")]
    [InlineData("""{"model":"topic","gateDataset":"GATE","quantize":{},"gate":{"maxAccuracyDrop":-1}}""", "option-out-of-range")]
    [InlineData("""{"model":"topic","gateDataset":"GATE","distill":{}}""", "request-json-invalid")]
    [InlineData("""{"model":"topic","gateDataset":"GATE","distill":{"datasetId":"GATE"}}""", "distill-gate-dataset")]
    [InlineData("""{"gateDataset":"GATE","quantize":{}}""", "request-json-invalid")]
    public async Task What_makes_no_sense_is_refused_at_once(string body, string code) =>
        (await host.PostAsync("/api/optimizations", body.Replace("GATE", evaluated.Topics.Id, StringComparison.Ordinal))).Refuses(HttpStatusCode.BadRequest, code);

    [Theory]
    [InlineData("""{"model":"nonesuch","gateDataset":"GATE","quantize":{}}""", "model-not-found")]
    [InlineData("""{"model":"topic","gateDataset":"00112233445566778899aabbccddeeff","quantize":{}}""", "dataset-not-found")]
    [InlineData("""{"model":"topic","gateDataset":"GATE","quantize":{"mode":"static-int8","calibrationDatasetId":"nonesuch"}}""", "dataset-not-found")]
    public async Task What_is_not_there_is_not_found(string body, string code) =>
        (await host.PostAsync("/api/optimizations", body.Replace("GATE", evaluated.Topics.Id, StringComparison.Ordinal))).Refuses(HttpStatusCode.NotFound, code);

    [Fact]
    public void The_example_in_the_description_is_understood()
    {
        var example = Services().Single(route => route.Name == "StartOptimization").RequestExample!;
        Assert.IsType<QuantizeSpec>(RequestBody.Parse<StartOptimization>(Encoding.UTF8.GetBytes(example)).Pass());
    }

    [Fact]
    public async Task The_description_shows_all_three_passes()
    {
        var schemas = (await host.ReadAsync("/openapi.json")).GetProperty("components").GetProperty("schemas");
        var properties = schemas.GetProperty("StartOptimization").GetProperty("properties");
        Assert.Contains("calibrationRecords", properties.GetProperty("quantize").GetRawText(), StringComparison.Ordinal);
        Assert.Contains("amount", properties.GetProperty("prune").GetRawText(), StringComparison.Ordinal);
        Assert.Contains("temperature", properties.GetProperty("distill").GetRawText(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Object, schemas.GetProperty("Optimization").ValueKind);
    }

    private IEnumerable<Http.Routing.GatewayRoute> Services() =>
        Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetServices<Http.Routing.IGatewayRoutes>(host.Services).SelectMany(subject => subject.Routes);
}
