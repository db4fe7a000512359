using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace AiAssignments.Tests.Telemetry;

/// <summary>Whatever callers send, no label takes a value from it, so that nobody can fill the memory of the server or of who scrapes it.</summary>
[Collection("Instruments")]
public sealed class BoundedLabelsTests
{
    private static readonly string[] Methods = ["GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "other"];

    [Fact]
    public async Task Hostile_methods_paths_and_names_never_become_a_label()
    {
        await using var host = await MeasuredHost.StartAsync(null, null, "topic");
        using var ask = new StringContent("""{"text":"The striker scored"}""", Encoding.UTF8, "application/json");
        using var answer = await host.Http.PostAsync(new Uri("api/models/topic/predict", UriKind.Relative), ask);
        Assert.True(answer.IsSuccessStatusCode);
        foreach (var hostile in Random(300).Concat(Chosen))
        {
            await SendAsync(host.Address, hostile);
        }

        var text = await host.Http.GetStringAsync(new Uri("metrics", UriKind.Relative));
        Assert.DoesNotContain("evil", text, StringComparison.OrdinalIgnoreCase);
        Assert.All(Values(text, "method"), method => Assert.Contains(method, Methods));
        Assert.All(Values(text, "endpoint"), endpoint => Assert.Contains(endpoint, host.Templates.Append("other")));
        Assert.All(Values(text, "status"), status => Assert.Matches("^[1-5][0-9][0-9]$", status));
        Assert.All(Values(text, "model"), model => Assert.Contains(model, new[] { "topic", "m" }));
    }

    private static IEnumerable<string> Chosen =>
    [
        "EVIL /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        "GET /evil HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        "GET /api/models/evil HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        "POST /api/models/evil/predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{\"text\":1}",
        "POST /api/models/topic/versions/evil/predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"text\":\"a\"}",
        "GET /api/evaluations/evil%22%7d%0a HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        "GET //evil//..%2f HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
        "get /metrics?evil=1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nX-HTTP-Method-Override: EVIL\r\nAccept: evil/evil\r\n\r\n",
        "GET http://evil.example/api/models HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        "evil\r\n\r\n",
    ];

    private static IEnumerable<string> Random(int count)
    {
        var random = new Random(20_261_123);
        string[] methods = ["GET", "POST", "DELETE", "PATCH", "EVIL", "EVIL-GET", "eViL_!", "Get"];
        string[] parts = ["api", "models", "evil", "topic", "predict", "versions", "%2e%2e", "metrics", "%00", "%22%7D", "%F0%9F%92%A3", "..", "1", "evil%0Aevil{le=%221%22}", "client", "v2"];
        for (var made = 0; made < count; made++)
        {
            var path = string.Join('/', Enumerable.Range(0, random.Next(6)).Select(_ => parts[random.Next(parts.Length)]));
            yield return $"{methods[random.Next(methods.Length)]} /{path}?evil={made} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n";
        }
    }

    private static HashSet<string> Values(string text, string label) =>
        [.. Regex.Matches(text, $"[{{,]{label}=\"((?:[^\"\\\\]|\\\\.)*)\"", RegexOptions.CultureInvariant).Select(match => match.Groups[1].Value)];

    // As bytes: a client library would not send most of this.
    private static async Task SendAsync(Uri server, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal)));
        client.Client.Shutdown(SocketShutdown.Send);
        try
        {
            await stream.CopyToAsync(Stream.Null);
        }
        catch (IOException)
        {
            // Cut off by the server, which is an answer too.
        }
    }
}
