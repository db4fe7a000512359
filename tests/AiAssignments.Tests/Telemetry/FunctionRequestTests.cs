using System.Diagnostics;
using AiAssignments.Azure.Telemetry;
using AiAssignments.Core.Telemetry;
using AiAssignments.Http.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;
using static AiAssignments.Tests.Telemetry.Ingestion;

namespace AiAssignments.Tests.Telemetry;

/// <summary>
/// In Azure Functions a request passes two processes: the host makes its span and hands it on over HTTP, and its worker runs the function in the flow of a call that comes by gRPC,
/// below a span of its own whose parent is the host's (Microsoft.Azure.Functions.Worker, FunctionsHttpProxyingMiddleware and TelemetryProvider).
/// </summary>
[Collection("Instruments")]
public sealed class FunctionRequestTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string HostSpan = "b7ad6b7169203331";
    private static readonly ActivitySource Worker = new("Microsoft.Azure.Functions.Worker");

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task A_request_is_an_item_of_the_process_that_makes_its_span_and_of_no_other(bool requests, int items)
    {
        await using var ingestion = await Ingestion.StartAsync();
        await using (var app = await StartAsync(ingestion, requests))
        {
            // No span of this client: the header is the host's.
            using var handler = new SocketsHttpHandler { ActivityHeadersPropagator = null };
            using var http = new HttpClient(handler);
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{app.Urls.Single()}/api/models/topic/predict"));
            request.Headers.TryAddWithoutValidation("traceparent", $"00-{Trace}-{HostSpan}-01");
            using var answer = await http.SendAsync(request);
            Assert.True(answer.IsSuccessStatusCode);

            // The server's span, where there is one, has ended when the server has.
            await app.StopAsync();
        }

        var all = ingestion.Received.Where(item => Tag(item, "ai.operation.id") == Trace).ToList();
        Assert.Equal(items, all.Count(item => Kind(item) == "RequestData"));
        var function = Assert.Single(all, item => Kind(item) == "RemoteDependencyData" && Data(item).GetProperty("name").GetString() == "function PredictText");
        Assert.Equal(HostSpan, Tag(function, "ai.operation.parentId"));
        var predict = Assert.Single(all, item => Kind(item) == "RemoteDependencyData" && Data(item).GetProperty("name").GetString() == "predict");
        Assert.Equal(Data(function).GetProperty("id").GetString(), Tag(predict, "ai.operation.parentId"));
    }

    [Fact]
    public void The_Functions_app_leaves_the_span_of_a_request_to_its_host() => Assert.Contains(
        "AddTelemetry(configuration, \"aia-functions\", requests: false)",
        File.ReadAllText(Path.Combine(Support.RepositoryRoot.Path, "src", "AiAssignments.Functions", "Hosting", "RouteServices.cs")),
        StringComparison.Ordinal);

    private static async Task<WebApplication> StartAsync(Ingestion ingestion, bool requests)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection([new(AzureMonitorSetup.Setting, ingestion.ConnectionString)]);
        builder.Services.AddTelemetry(builder.Configuration, "aia-functions", requests).AddAzureMonitor(builder.Configuration);
        builder.Services.ConfigureOpenTelemetryTracerProvider(traces => traces.AddSource(Worker.Name));
        var app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync();
        return app;
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        var parent = ActivityContext.Parse(context.Request.Headers.TraceParent.ToString(), null);
        Task function;
        using (ExecutionContext.SuppressFlow())
        {
            function = Task.Run(async () =>
            {
                using var invocation = Worker.StartActivity("function PredictText", ActivityKind.Internal, parent);
                using var predict = Instruments.Source.StartActivity("predict");
                await context.Response.WriteAsync("{}");
            });
        }

        await function;
    }
}
