using AiAssignments.Http.Routing;
using AiAssignments.Inference.Runtime;
using AiAssignments.Local.Hosting;

ProcessTuning.EnsureHugePages();
return await LocalHost.RunAsync(args, app => app.MapGateway(app.Services.GetServices<IGatewayRoutes>()));
