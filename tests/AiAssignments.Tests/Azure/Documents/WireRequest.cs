using System.Text;
using System.Text.Json.Nodes;

namespace AiAssignments.Tests.Azure.Documents;

/// <summary>A request as it went out.</summary>
internal sealed record WireRequest(HttpMethod Method, Uri Address, IReadOnlyDictionary<string, string> Headers, byte[] Content)
{
    public string Body => Encoding.UTF8.GetString(Content);

    /// <summary>Whether it asks a query.</summary>
    public bool IsQuery => Headers.GetValueOrDefault("x-ms-documentdb-isquery") == "True";

    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>A query's text.</summary>
    public string Sql => (string)Json["query"]!;

    /// <summary>A query's parameters.</summary>
    public Dictionary<string, string> Parameters => Json["parameters"]!.AsArray().ToDictionary(item => (string)item!["name"]!, item => item!["value"]!.ToJsonString());

    public string? this[string header] => Headers.GetValueOrDefault(header);

    public static async Task<WireRequest> ReadAsync(HttpRequestMessage request) => new(
        request.Method,
        request.RequestUri!,
        request.Headers.ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase),
        request.Content is { } content ? await content.ReadAsByteArrayAsync() : []);
}
