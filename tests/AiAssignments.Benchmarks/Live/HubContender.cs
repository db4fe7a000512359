using System.Diagnostics;
using AiAssignments.Core.Jobs;
using AiAssignments.Embedded.Live;
using AiAssignments.Http.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiAssignments.Benchmarks.Live;

/// <summary>This project's hub as the local host serves it.</summary>
internal sealed class HubContender : IContender
{
    private readonly ProgressHub hub = new();
    private WebApplication app = null!;

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<IProgressSockets>(hub);
        app = builder.Build();
        app.MapProgressSockets();
        await app.StartAsync();
    }

    public async Task<Uri> UrlAsync() => (await hub.NegotiateAsync(new Uri(app.Urls.Single()), null, CancellationToken.None)).Url;

    public void Publish(int job) => hub.Publish(new JobProgress(job.ToString(System.Globalization.CultureInfo.InvariantCulture), "topic@1 on reviews.csv", "scoring", Stopwatch.GetTimestamp(), 0));

    public async ValueTask DisposeAsync()
    {
        await hub.DisposeAsync();
        await app.DisposeAsync();
    }
}
