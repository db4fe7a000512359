using System.Text.Json.Nodes;
using AiAssignments.Http.Problems;
using AiAssignments.Http.Routing;
using AiAssignments.Pipeline.Access;

namespace AiAssignments.Http.OpenApi;

/// <summary>The API description (OpenAPI 3.1), made of the route table: what is not in the table is not described, and what is in it is.</summary>
internal static class OpenApiDocument
{
    public static JsonObject Create(IReadOnlyList<GatewayRoute> routes, IEnumerable<OpenApiSchema> types, string version)
    {
        var schemas = SchemaSet.Create(types);
        var paths = new JsonObject();
        foreach (var path in routes.GroupBy(route => PathTemplate.Describe(route.Template)).OrderBy(path => path.Key, StringComparer.Ordinal))
        {
            var item = new JsonObject();
            foreach (var route in path)
            {
                item[route.Method.ToLowerInvariant()] = Operation(route, schemas);
            }

            paths[path.Key] = item;
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "AI Assignments",
                ["version"] = version,
                ["description"] = "Serves and evaluates machine-learning models. JSON in camelCase, times in ISO 8601 (UTC), durations in milliseconds as numbers named ...Ms. Refusals are problem details with a stable code.",
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["tags"] = new JsonArray([.. routes.Select(route => route.Tag).Distinct().Order(StringComparer.Ordinal).Select(tag => new JsonObject { ["name"] = tag })]),
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas, ["securitySchemes"] = SecuritySchemes() },
        };
    }

    private static JsonObject Operation(GatewayRoute route, JsonObject schemas)
    {
        var operation = new JsonObject
        {
            ["operationId"] = route.Name,
            ["summary"] = route.Summary,
            ["description"] = route.Scope == AccessScope.Anonymous ? "Needs no key." : $"Needs a key of scope {ScopeName(route.Scope)} where the server asks for keys.",
            ["tags"] = new JsonArray(route.Tag),
            ["parameters"] = new JsonArray([.. PathTemplate.Names(route.Template).Select(PathParameter), .. route.Parameters.Select(Parameter)]),
        };
        if (BodyTypes(route).Count > 0)
        {
            operation["requestBody"] = RequestBodyOf(route, schemas);
        }

        operation["responses"] = Responses(route, schemas);
        operation["security"] = route.Scope == AccessScope.Anonymous
            ? new JsonArray()
            : new JsonArray(new JsonObject { ["apiKey"] = new JsonArray() }, new JsonObject { ["bearer"] = new JsonArray() });
        operation["x-scope"] = ScopeName(route.Scope);
        return operation;
    }

    private static JsonObject RequestBodyOf(GatewayRoute route, JsonObject schemas)
    {
        var content = new JsonObject();
        foreach (var type in BodyTypes(route))
        {
            content[type] = type == "application/json"
                ? MediaType(route.RequestSchema, route.RequestExample, schemas)
                : new JsonObject { ["schema"] = type == "multipart/form-data" ? new JsonObject { ["type"] = "object", ["additionalProperties"] = new JsonObject { ["type"] = "string", ["format"] = "binary" } } : new JsonObject() };
        }

        var body = new JsonObject { ["required"] = true, ["content"] = content };
        body["description"] = route.BodyLimit is { } limit ? FormattableString.Invariant($"At most {limit:N0} bytes.") : "Of any size; it is streamed.";
        return body;
    }

    private static JsonObject Responses(GatewayRoute route, JsonObject schemas)
    {
        var done = new JsonObject { ["description"] = "Done." };
        if (route.ResponseType is { } type)
        {
            done["content"] = new JsonObject { [type] = MediaType(route.ResponseSchema, route.ResponseExample, schemas) };
        }

        var responses = new JsonObject { [$"{route.Status}"] = done };
        if (route.Parameters.Any(parameter => parameter.Name == "If-None-Match"))
        {
            responses["304"] = new JsonObject { ["description"] = "The caller's copy is still right." };
        }

        foreach (var status in route.Problems.Concat(Everywhere(route)).Distinct().GroupBy(ProblemResponse.StatusOf).OrderBy(status => status.Key))
        {
            var codes = status.Order(StringComparer.Ordinal).ToList();
            responses[$"{status.Key}"] = new JsonObject
            {
                ["description"] = string.Join(", ", codes),
                ["content"] = new JsonObject { ["application/problem+json"] = new JsonObject { ["schema"] = Reference("Problem"), ["example"] = ProblemExample(status.Key, codes[0]) } },
                ["x-codes"] = new JsonArray([.. codes.Select(code => JsonValue.Create(code))]),
            };
        }

        return responses;
    }

    // A route that shows a body takes JSON unless it says something else.
    private static IReadOnlyList<string> BodyTypes(GatewayRoute route) => route.RequestTypes.Count > 0 || route.RequestExample is null ? route.RequestTypes : ["application/json"];

    private static IEnumerable<string> Everywhere(GatewayRoute route)
    {
        if (route.Scope != AccessScope.Anonymous)
        {
            yield return "request-unauthenticated";
            yield return "request-forbidden";
            yield return "rate-limited";
            yield return "storage-busy";
        }

        if (BodyTypes(route).Count > 0)
        {
            yield return "request-too-large";
        }

        yield return "internal-error";
    }

    private static JsonObject MediaType(string? schema, string? example, JsonObject schemas)
    {
        // A name that nobody described is anything.
        var media = new JsonObject { ["schema"] = schema is not null && schemas.ContainsKey(schema) ? Reference(schema) : new JsonObject() };
        if (example is not null)
        {
            media["example"] = JsonNode.Parse(example);
        }

        return media;
    }

    private static JsonObject PathParameter(string name) => new() { ["name"] = name, ["in"] = "path", ["required"] = true, ["schema"] = new JsonObject { ["type"] = "string" } };

    private static JsonObject Parameter(RouteParameter parameter) => new()
    {
        ["name"] = parameter.Name,
        ["in"] = parameter.In,
        ["description"] = parameter.Description,
        ["schema"] = new JsonObject { ["type"] = parameter.Type },
    };

    private static JsonObject ProblemExample(int status, string code) => new() { ["status"] = status, ["title"] = "What was found, and what is needed.", ["type"] = $"urn:aia:{code}", ["code"] = code };

    private static JsonObject SecuritySchemes() => new()
    {
        ["apiKey"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "X-API-Key", ["description"] = "A key that an administrator made at POST /api/keys." },
        ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["bearerFormat"] = "JWT", ["description"] = "A token of Microsoft Entra ID." },
    };

    private static JsonObject Reference(string schema) => new() { ["$ref"] = $"#/components/schemas/{schema}" };

    private static string ScopeName(AccessScope scope) => scope.ToString().ToLowerInvariant();
}
