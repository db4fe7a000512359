using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AiAssignments.Tests.Telemetry;

/// <summary>Takes what goes to Application Insights, as its ingestion does at the wire.</summary>
internal sealed class Ingestion : IAsyncDisposable
{
    public const string Key = "11112222-3333-4444-5555-666677778888";

    private readonly ConcurrentQueue<JsonElement> received = new();
    private WebApplication app = null!;

    public IReadOnlyCollection<JsonElement> Received => received;

    public string ConnectionString => $"InstrumentationKey={Key};IngestionEndpoint={app.Urls.Single()}/;LiveEndpoint={app.Urls.Single()}/";

    public static async Task<Ingestion> StartAsync()
    {
        // The package's own measurements of itself would go to Microsoft.
        Environment.SetEnvironmentVariable("APPLICATIONINSIGHTS_STATSBEAT_DISABLED", "true");
        var ingestion = new Ingestion();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        ingestion.app = builder.Build();
        ingestion.app.MapPost("/v2.1/track", (Delegate)ingestion.TakeAsync);
        ingestion.app.MapFallback(() => Results.NotFound());
        await ingestion.app.StartAsync();
        return ingestion;
    }

    public static string? Kind(JsonElement item) => item.GetProperty("data").GetProperty("baseType").GetString();

    public static JsonElement Data(JsonElement item) => item.GetProperty("data").GetProperty("baseData");

    public static string? Tag(JsonElement item, string name) => item.GetProperty("tags").TryGetProperty(name, out var tag) ? tag.GetString() : null;

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpContext context)
    {
        await using Stream body = context.Request.Headers.ContentEncoding == "gzip" ? new GZipStream(context.Request.Body, CompressionMode.Decompress) : context.Request.Body;
        using var text = new StreamReader(body);
        var items = 0;
        while (await text.ReadLineAsync() is { } line)
        {
            if (line.Length > 0)
            {
                received.Enqueue(JsonDocument.Parse(line).RootElement);
                items++;
            }
        }

        return Results.Json(new { itemsReceived = items, itemsAccepted = items, errors = Array.Empty<string>() });
    }
}
