using System.Net;
using AiAssignments.LoadTesting;
using AiAssignments.LoadTesting.Arrivals;
using AiAssignments.LoadTesting.Reports;
using AiAssignments.LoadTesting.Requests;
using AiAssignments.LoadTesting.Targets;

namespace AiAssignments.Benchmarks.Load;

/// <summary>Load by the project's own load tester, in this process; loopback only.</summary>
internal static class OfferedLoad
{
    /// <summary>N users, each sending its next request when its last was answered.</summary>
    public static Task<LoadReport> ClosedAsync(IPEndPoint server, int users, TimeSpan time, Func<long, LoadRequest> next) =>
        RunAsync(server, new ClosedModel(users), null, time, next);

    /// <summary>A fixed rate over many open connections, whatever the server does; latency counts from when a request is due.</summary>
    public static Task<LoadReport> OpenAsync(IPEndPoint server, int connections, int perSecond, TimeSpan time, Func<long, LoadRequest> next) =>
        RunAsync(server, OpenModel.Of(RateProfile.Constant(perSecond), null, TimeSpan.Zero), connections, time, next);

    private static async Task<LoadReport> RunAsync(IPEndPoint server, LoadModel model, int? connections, TimeSpan time, Func<long, LoadRequest> next) => await LoadTest.RunAsync(new LoadPlan
    {
        Target = await LoadTarget.ResolveAsync($"http://{server}/", null, allowRemote: false).ConfigureAwait(false),
        Requests = new MadeRequests(next),
        Model = model,
        Headers = [new("Content-Type", "application/json")],
        Duration = time,
        WarmUp = TimeSpan.Zero,
        Connections = connections,
        Stability = null,
    }).ConfigureAwait(false);
}
