using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AiAssignments.Core.Jobs;
using AiAssignments.Embedded;
using AiAssignments.Http;
using AiAssignments.Http.Access;
using AiAssignments.Http.Problems;
using AiAssignments.Http.Routing;
using AiAssignments.Http.Uploads;
using AiAssignments.Local.Hosting;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Predictions;
using AiAssignments.Terminal;
using AiAssignments.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace AiAssignments.Tests.Gateway;

/// <summary>The gateway on Kestrel and a free port, over a data folder of its own.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Disposed as xunit disposes fixtures: through IAsyncLifetime.")]
public sealed class GatewayHost : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private WebApplication app = null!;
    private HttpClient http = null!;

    internal EmbeddedRuntime Runtime { get; private set; } = null!;

    internal FakePredictor Predictor { get; } = new();

    internal IServiceProvider Services => app.Services;

    internal Uri Address => http.BaseAddress!;

    public async Task InitializeAsync()
    {
        Runtime = await EmbeddedRuntime.OpenAsync(new EmbeddedOptions { DataFolder = folder.File("data"), MeasuringTurn = TimeSpan.Zero }, CancellationToken.None);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddEmbedded(Runtime).AddGateway().AddPage(Path.Combine(RepositoryRoot.Path, "src", "dashboard"));
        builder.Services.AddAccess(new AccessOptions()).AddUploads(folder.File("uploads")).AddSingleton<IProgressPublisher>(new ProgressView(AnsiConsole.Console) { Quiet = true });
        builder.Services.AddSingleton<IPredictor>(Predictor);
        app = builder.Build();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseRouting();
        app.UseAccess();
        app.MapGateway(app.Services.GetServices<IGatewayRoutes>());
        await app.StartAsync();
        http = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = new Uri(app.Urls.First()) };
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        await Runtime.DisposeAsync();
        folder.Dispose();
    }

    internal string File(string name) => folder.File(name);

    internal async Task<GatewayReply> SendAsync(HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(http.BaseAddress + path.TrimStart('/'), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true })) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await http.SendAsync(request);
        return new GatewayReply(response, await response.Content.ReadAsByteArrayAsync());
    }

    internal Task<GatewayReply> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    internal Task<GatewayReply> PostAsync(string path, string json, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, new StringContent(json, Encoding.UTF8, "application/json"), headers);

    internal Task<GatewayReply> PostAsync(string path, byte[] body, string type)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return SendAsync(HttpMethod.Post, path, content);
    }

    internal async Task<JsonElement> ReadAsync(string path)
    {
        var reply = await GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, reply.Status);
        return reply.Json;
    }
}
