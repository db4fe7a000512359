using System.Net.Http.Json;
using System.Text.Json;

namespace AiAssignments.IntegrationTests.Bench;

internal static class JsonHttp
{
    public static Task<JsonElement> GetFromJsonElementAsync(this HttpClient http, string path) => http.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));
}
