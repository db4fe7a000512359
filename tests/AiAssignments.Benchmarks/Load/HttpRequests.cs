using System.Net;
using System.Text;

namespace AiAssignments.Benchmarks.Load;

/// <summary>Prepared request bytes.</summary>
internal static class HttpRequests
{
    public static byte[] Get(IPEndPoint server, string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {server}\r\n\r\n");

    public static byte[] PostJson(IPEndPoint server, string path, string json)
    {
        var body = Encoding.UTF8.GetBytes(json);
        return [.. Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: {server}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"), .. body];
    }
}
