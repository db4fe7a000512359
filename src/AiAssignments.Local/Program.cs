using AiAssignments.Inference.Runtime;
using AiAssignments.Local.Endpoints;
using AiAssignments.Local.Hosting;

ProcessTuning.EnsureHugePages();
return await LocalHost.RunAsync(args, app =>
{
    app.MapHome();
    app.MapHealth();
    app.MapEvaluations();
    app.MapModels();
    app.MapDatasets();
    app.MapReports();
});
