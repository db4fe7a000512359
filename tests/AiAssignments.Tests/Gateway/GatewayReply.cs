using System.Net;
using System.Text;
using System.Text.Json;

namespace AiAssignments.Tests.Gateway;

/// <summary>An answer, read to its end.</summary>
internal sealed class GatewayReply
{
    private readonly Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);

    public GatewayReply(HttpResponseMessage response, byte[] body)
    {
        Status = response.StatusCode;
        Body = body;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
        {
            headers[name] = string.Join(", ", values);
        }
    }

    public HttpStatusCode Status { get; }

    public byte[] Body { get; }

    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string? Header(string name) => headers.GetValueOrDefault(name);

    /// <summary>That it is a problem of this code.</summary>
    public void Refuses(HttpStatusCode status, string code)
    {
        Assert.True(Status == status, $"{(int)Status} instead of {(int)status}: {Text}");
        Assert.Equal("application/problem+json", Header("Content-Type"));
        Assert.Equal(code, Json.GetProperty("code").GetString());
        Assert.Equal((int)status, Json.GetProperty("status").GetInt32());
        Assert.NotEmpty(Json.GetProperty("title").GetString()!);
    }
}
