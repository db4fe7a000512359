using AiAssignments.Functions.Durable;
using AiAssignments.Functions.Hosting;
using AiAssignments.Functions.Routes;
using AiAssignments.Pipeline.Access;
using Microsoft.Azure.Functions.Worker.Builder;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<GatewayMiddleware>();
builder.UseMiddleware<TaskHubMiddleware>();
var settings = HostSettings.Read(builder.Configuration);
builder.Services.AddStores(settings).AddPipeline(settings).AddRoutes(settings).AddTelemetry(builder.Configuration);
var app = builder.Build();
await app.Services.PrepareStoresAsync();
await app.Services.GetRequiredService<AccessGate>().EnsureAdministrableAsync(CancellationToken.None);
app.Run();
