using System.Text.Json.Nodes;

namespace AiAssignments.Tests.Infrastructure;

/// <summary>The resources of a deployment, with all expressions evaluated that do not depend on what Azure answers.</summary>
/// <param name="Resources">As the snapshot has them.</param>
internal sealed record Deployment(IReadOnlyList<JsonObject> Resources)
{
    public IReadOnlyList<JsonObject> Of(string type) => [.. Resources.Where(resource => (string)resource["type"]! == type)];

    /// <summary>The properties of the one resource of a type.</summary>
    public JsonNode One(string type) => Assert.Single(Of(type))["properties"]!;

    /// <summary>The properties of the resources of a type, by the last part of their name.</summary>
    public IReadOnlyDictionary<string, JsonNode> Named(string type) => Of(type).ToDictionary(LastName, resource => resource["properties"]!, StringComparer.Ordinal);

    public static string LastName(JsonObject resource) => ((string)resource["name"]!).Split('/')[^1];

    /// <summary>The app settings of the Functions app.</summary>
    public IReadOnlyDictionary<string, string> Settings => One("Microsoft.Web/sites/config").AsObject().ToDictionary(item => item.Key, item => (string)item.Value!, StringComparer.Ordinal);
}
