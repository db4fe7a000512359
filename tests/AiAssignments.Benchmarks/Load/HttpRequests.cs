using System.Text;
using AiAssignments.LoadTesting.Requests;

namespace AiAssignments.Benchmarks.Load;

/// <summary>Requests made before they are due.</summary>
internal static class HttpRequests
{
    public static LoadRequest Get(string path) => new("GET", path, default);

    public static LoadRequest PostJson(string path, string json) => new("POST", path, Encoding.UTF8.GetBytes(json));
}
