using System.Net;
using System.Text;
using System.Text.Json;
using AiAssignments.Http.Requests;
using AiAssignments.Http.Routes;
using AiAssignments.Http.Routing;
using AiAssignments.Pipeline.Access;
using Microsoft.Extensions.DependencyInjection;

namespace AiAssignments.Tests.Gateway;

public sealed class OpenApiTests(GatewayHost host) : IClassFixture<GatewayHost>
{
    private IReadOnlyList<GatewayRoute> Routes => [.. host.Services.GetServices<IGatewayRoutes>().SelectMany(subject => subject.Routes)];

    [Fact]
    public void Every_route_says_what_it_does_and_shows_it()
    {
        Assert.Equal(Routes.Count, Routes.Select(route => route.Name).Distinct().Count());
        Assert.Equal(Routes.Count, Routes.Select(route => $"{route.Method} {route.Template}").Distinct().Count());
        Assert.All(Routes, route =>
        {
            Assert.EndsWith(".", route.Summary, StringComparison.Ordinal);
            Assert.NotEmpty(route.Tag);
            Assert.Matches("^[A-Z][A-Za-z]+$", route.Name);
            Assert.DoesNotMatch("^/|:", route.Template);
            Assert.True(route.ResponseType is null == route.Status is 204, route.Name);
            Assert.True(route.ResponseType is null || JsonDocument.Parse(route.ResponseExample!) is not null, route.Name);
            Assert.True(route.RequestTypes.Contains("application/json") == (route.RequestExample is not null), route.Name);
            Assert.True(route.Scope >= AccessScope.Write || route.Method is "GET" or "OPTIONS" || route.Tag == "Predictions", route.Name);
        });
    }

    [Fact]
    public async Task The_description_is_whole()
    {
        var reply = await host.GetAsync("/openapi.json");
        Assert.Equal("application/json", reply.Header("Content-Type"));
        Assert.Equal(HttpStatusCode.NotModified, (await host.GetAsync("/openapi.json", ("If-None-Match", reply.Header("ETag")!))).Status);
        var api = reply.Json;
        Assert.Equal("3.1.0", api.GetProperty("openapi").GetString());
        var schemas = api.GetProperty("components").GetProperty("schemas");
        var operations = 0;
        foreach (var path in api.GetProperty("paths").EnumerateObject())
        {
            Assert.StartsWith("/", path.Name, StringComparison.Ordinal);
            foreach (var operation in path.Value.EnumerateObject())
            {
                operations++;
                var parameters = operation.Value.GetProperty("parameters").EnumerateArray().ToList();
                Assert.Equal(path.Name.Count(c => c == '{'), parameters.Count(one => one.GetProperty("in").GetString() == "path"));
                Assert.All(parameters, one => Assert.Contains($"{{{one.GetProperty("name").GetString()}}}", one.GetProperty("in").GetString() == "path" ? path.Name : $"{{{one.GetProperty("name").GetString()}}}", StringComparison.Ordinal));
                Assert.Contains(operation.Value.GetProperty("responses").EnumerateObject(), response => response.Name[0] == '2');
                Assert.Contains(operation.Value.GetProperty("responses").EnumerateObject(), response => response.Name == "500");
                Assert.True(operation.Value.TryGetProperty("security", out _));
            }
        }

        Assert.Equal(Routes.Count, operations);
        foreach (var reference in References(api))
        {
            Assert.StartsWith("#/components/schemas/", reference, StringComparison.Ordinal);
            Assert.NotNull(Pointed(api, reference));
        }

        var named = Routes.SelectMany(route => new[] { route.RequestSchema, route.ResponseSchema }).OfType<string>().Distinct();
        Assert.All(named, name => Assert.True(schemas.TryGetProperty(name, out _), name));
        var page = schemas.GetProperty("JobPage");
        Assert.Equal(["items"], page.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        Assert.Contains("text-classification", schemas.GetProperty("Model").GetProperty("properties").GetProperty("task").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Examples_of_requests_are_understood()
    {
        var reply = await host.PostAsync("/api/models/echo/predict", Routes.Single(route => route.Name == "Predict").RequestExample!);
        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.NotNull(RequestBody.Parse<StartEvaluation>(Encoding.UTF8.GetBytes(Routes.Single(route => route.Name == "StartEvaluation").RequestExample!)));
        Assert.NotNull(RequestBody.Parse<StartComparison>(Encoding.UTF8.GetBytes(Routes.Single(route => route.Name == "Compare").RequestExample!)));
    }

    [Fact]
    public void Examples_of_answers_are_of_the_shapes_that_are_answered()
    {
        // What may be absent in an answer is absent.
        var lenient = new JsonSerializerOptions(Http.Serialization.GatewayJson.Options) { RespectRequiredConstructorParameters = false };
        foreach (var schema in host.Services.GetServices<Http.OpenApi.OpenApiSchema>())
        {
            foreach (var route in Routes.Where(route => route.ResponseSchema == schema.Name))
            {
                Assert.NotNull(JsonSerializer.Deserialize(route.ResponseExample!, schema.Type, lenient));
            }
        }
    }

    private static JsonElement? Pointed(JsonElement root, string reference) => reference.Split('/').Skip(1).Aggregate((JsonElement?)root, (at, step) => at switch
    {
        { ValueKind: JsonValueKind.Object } members when members.TryGetProperty(step, out var member) => member,
        { ValueKind: JsonValueKind.Array } items when int.TryParse(step, out var index) && index < items.GetArrayLength() => items[index],
        _ => null,
    });

    private static IEnumerable<string> References(JsonElement node) => node.ValueKind switch
    {
        JsonValueKind.Object => node.EnumerateObject().SelectMany(member => member is { Name: "$ref", Value.ValueKind: JsonValueKind.String } ? [member.Value.GetString()!] : References(member.Value)),
        JsonValueKind.Array => node.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
