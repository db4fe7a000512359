using System.Text.Json;
using AiAssignments.Azure.Durable;
using AiAssignments.Http.Access;
using AiAssignments.Http.Operations;
using AiAssignments.Http.Routing;
using AiAssignments.Http.Uploads;
using AiAssignments.Local.Hosting;
using AiAssignments.Pipeline.Drops;
using AiAssignments.Tests.Durable;
using AiAssignments.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiAssignments.Tests.Functions;

/// <summary>The functions against what they call: routes, workflows, activities, containers. Each in both directions, so that neither drifts.</summary>
public sealed class FunctionTableTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    // The host takes an empty route for none, and names the path after the function.
    private const string Root = "{ignored:maxlength(0)?}";

    [Fact]
    public async Task Every_route_of_the_local_host_is_a_function_and_every_function_a_route()
    {
        var options = LocalOptions.From(new ConfigurationBuilder().AddInMemoryCollection([new("data", folder.File("data"))]).Build());
        await using var pipeline = await LocalPipeline.OpenAsync(options);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddLocal(options, pipeline, new HostState()).AddAccess(options.Access).AddTelemetry(builder.Configuration, "aia-test");
        await using var local = builder.Build();
        var routes = local.Services.GetServices<IGatewayRoutes>().SelectMany(subject => subject.Routes).Concat(new DirectUploadRoutes(new OneDirectUpload()).Routes).Select(route => $"{route.Name}: {string.Join(' ', route.Method == "GET" ? ["GET", "HEAD"] : new[] { route.Method })} /{route.Template}");
        var functions = FunctionSource.Http.Where(function => function.Name != GatewayFront.Unrouted)
            .Select(function => $"{function.Name}: {string.Join(' ', function.Methods)} /{(function.Route == Root ? string.Empty : function.Route)}");

        Assert.Equal(routes.Order(StringComparer.Ordinal), functions.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_function_calls_what_it_is_named_after()
    {
        Assert.All(FunctionSource.Http.Where(function => function.Name != GatewayFront.Unrouted), function => Assert.Contains($"gateway.AnswerAsync(request.HttpContext, \"{function.Name}\")", function.Text, StringComparison.Ordinal));
        foreach (var (name, trigger, text) in FunctionSource.All.Where(function => function.Trigger is "OrchestrationTrigger" or "ActivityTrigger" && function.Name is not (DurableNames.FanOut or DurableNames.Join)))
        {
            Assert.Contains(trigger == "ActivityTrigger" ? $"workflows.RunActivityAsync(\"{name}\", input, cancellationToken)" : $"workflows.RunWorkflowAsync(\"{name}\", new OrchestrationContext(context)", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_workflow_and_activity_is_a_function_and_every_function_one_of_them()
    {
        await using var fixture = new AzureRuntimeFixture(parts => parts with { Drops = (_, _) => new NoDrops() });
        Assert.Equal(
            fixture.Registry.Workflows.Append(DurableNames.FanOut).Order(StringComparer.Ordinal),
            FunctionSource.All.Where(function => function.Trigger == "OrchestrationTrigger").Select(function => function.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            fixture.Registry.Activities.Append(DurableNames.Join).Order(StringComparer.Ordinal),
            FunctionSource.All.Where(function => function.Trigger == "ActivityTrigger").Select(function => function.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_reaches_the_task_hub_has_its_client()
    {
        string[] reaching = ["Evaluation", "Optimization", "Comparison", "Compare", "Job", "Upload", "DeleteModel", "PromoteModel", "DeleteDataset", "GetReport"];
        Assert.All(
            FunctionSource.Http.Where(function => reaching.Any(word => function.Name.Contains(word, StringComparison.Ordinal))),
            function => Assert.Contains("[DurableClient]", function.Text, StringComparison.Ordinal));
        Assert.All(
            FunctionSource.All.Where(function => function.Trigger is "BlobTrigger" or "TimerTrigger" || function.Name is DurableNames.Join or "TakeInDrop"),
            function => Assert.Contains("[DurableClient]", function.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_functions_that_the_infrastructure_subscribes_are_there()
    {
        var hook = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "infra", "hooks", "postdeploy.sh"));
        foreach (var (name, container) in new[] { ("DatasetArrived", "datasets"), ("ModelArrived", "models") })
        {
            Assert.Contains($"subscribe {name} {container}", hook, StringComparison.Ordinal);
            var text = Assert.Single(FunctionSource.All, function => function.Name == name).Text;
            Assert.Contains($"[BlobTrigger(\"{container}/{{name}}\", Source = BlobTriggerSource.EventGrid, Connection = \"Drops\")]", text, StringComparison.Ordinal);
        }
    }

    // The wiring is compiled only where its packages are served; what it calls does nothing on Azure, and on emulators makes what the app needs (AzureBlobs, CosmosDocumentStore).
    [Fact]
    public void The_app_makes_the_containers_of_emulators_before_it_runs()
    {
        var program = File.ReadAllText(Path.Combine(FunctionSource.Folder, "Program.cs"));
        Assert.InRange(program.IndexOf("PrepareStoresAsync()", StringComparison.Ordinal), 0, program.IndexOf("app.Run()", StringComparison.Ordinal));
        var stores = File.ReadAllText(Path.Combine(FunctionSource.Folder, "Hosting", "StoreServices.cs"));
        Assert.Contains("GetRequiredService<AzureBlobs>().PrepareAsync(", stores, StringComparison.Ordinal);
        Assert.Contains("GetRequiredService<CosmosDocumentStore>().PrepareAsync(", stores, StringComparison.Ordinal);
    }

    [Fact]
    public void No_function_takes_or_gives_a_management_url()
    {
        foreach (var file in Directory.EnumerateFiles(FunctionSource.Folder, "*.cs", SearchOption.AllDirectories))
        {
            Assert.DoesNotMatch("CheckStatus|HttpManagementPayload|ManagementPayload", File.ReadAllText(file));
        }
    }

    [Fact]
    public void The_host_file_and_the_sample_settings_are_as_the_app_needs_them()
    {
        using var host = JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "host.json")));
        Assert.Equal("2.0", host.RootElement.GetProperty("version").GetString());
        Assert.Equal("OpenTelemetry", host.RootElement.GetProperty("telemetryMode").GetString());
        var extensions = host.RootElement.GetProperty("extensions");
        Assert.Equal(string.Empty, extensions.GetProperty("http").GetProperty("routePrefix").GetString());
        var durable = extensions.GetProperty("durableTask");
        Assert.Equal("CurrentOrOlder", durable.GetProperty("versionMatchStrategy").GetString());
        Assert.Equal("Reject", durable.GetProperty("versionFailureStrategy").GetString());
        Assert.False(durable.TryGetProperty("storageProvider", out _), "The provider comes by setting.");
        Assert.True(extensions.GetProperty("blobs").GetProperty("maxDegreeOfParallelism").GetInt32() > 0);

        using var sample = JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "local.settings.sample.json")));
        var documented = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "azure.md"));
        string[] emulators = ["AzureWebJobsStorage", "Drops", "Blobs__ConnectionString", "Cosmos__ConnectionString"];
        foreach (var setting in sample.RootElement.GetProperty("Values").EnumerateObject())
        {
            Assert.True(setting.Name == "FUNCTIONS_WORKER_RUNTIME" || emulators.Contains(setting.Name) || documented.Contains($"`{setting.Name}`", StringComparison.Ordinal), setting.Name);
            Assert.True(!setting.Value.GetString()!.Contains("Key=", StringComparison.Ordinal) || setting.Value.GetString()!.Contains("https://127.0.0.1:8081/", StringComparison.Ordinal), $"{setting.Name} has a key that is not an emulator's.");
        }
    }

    public void Dispose() => folder.Dispose();

    private sealed class NoDrops : IDropIntake
    {
        public Task<string?> FindAsync(DropKind kind, string name, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

        public Task<DropTaken> TakeInAsync(DropKind kind, string name, CancellationToken cancellationToken) => Task.FromResult(new DropTaken());
    }
}
