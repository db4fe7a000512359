using System.Globalization;
using System.Net;
using AiAssignments.Core.Jobs;
using AiAssignments.Core.Storage;
using AiAssignments.Embedded;
using AiAssignments.Http.Access;
using AiAssignments.Http.Problems;
using AiAssignments.Http.Routing;
using AiAssignments.Http.Uploads;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Gateway;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiAssignments.Benchmarks.Uploads;

/// <summary>The server: uploads as the hosts have them, and beside them the plainest endpoint that writes a body to a file and syncs it as often.</summary>
internal static class UploadServer
{
    private const int BufferBytes = 1 << 20;
    private const long SyncEvery = 64L << 20;

    public static async Task<int> RunAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        var runtime = await EmbeddedRuntime.OpenAsync(new EmbeddedOptions { DataFolder = Path.Combine(folder, "data") }, CancellationToken.None).ConfigureAwait(false);
        await using (runtime.ConfigureAwait(false))
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel =>
            {
                new RequestLimits().Apply(kestrel);
                kestrel.Listen(IPAddress.Loopback, 0);
            });
            builder.Services.AddSingleton(runtime.Documents).AddSingleton<IGrowingBlobStore>(runtime.Blobs).AddSingleton<IProgressPublisher>(new Silence());
            builder.Services.AddSingleton(runtime.Datasets).AddSingleton(runtime.Drops).AddSingleton(runtime.Models);
            builder.Services.AddSingleton<GatewayPipeline>();
            builder.Services.AddAccess(new AccessOptions()).AddUploads(Path.Combine(runtime.CacheFolder, "uploads"));
            var app = builder.Build();
            await using (app.ConfigureAwait(false))
            {
                app.UseMiddleware<ProblemMiddleware>();
                app.UseRouting();
                app.UseAccess();
                app.MapGateway([new UploadRoutes(new IdempotencyKeys(runtime.Documents, TimeProvider.System))]);
                app.MapPost("/limit", context => LimitAsync(context, Path.Combine(folder, Guid.NewGuid().ToString("N")))).RequireAccess(AccessScope.Write, null);
                app.MapGet("/peak", () => Peak().ToString(CultureInfo.InvariantCulture)).RequireAccess(AccessScope.Read);
                await app.StartAsync().ConfigureAwait(false);
                await Console.Out.WriteLineAsync(app.Urls.Single()).ConfigureAwait(false);

                // Until whoever measures closes the pipe.
                await Console.In.ReadToEndAsync().ConfigureAwait(false);
                await app.StopAsync().ConfigureAwait(false);
            }
        }

        return 0;
    }

    private static async Task LimitAsync(HttpContext context, string path)
    {
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
        var buffer = new byte[BufferBytes];
        using var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.Asynchronous);
        var (total, synced) = (0L, 0L);
        while (await context.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, context.RequestAborted).ConfigureAwait(false) is > 0 and var read)
        {
            await RandomAccess.WriteAsync(handle, buffer.AsMemory(0, read), total, context.RequestAborted).ConfigureAwait(false);
            total += read;
            if (total - synced >= SyncEvery)
            {
                RandomAccess.FlushToDisk(handle);
                synced = total;
            }
        }

        RandomAccess.FlushToDisk(handle);
    }

    // VmHWM of proc(5): the most that was resident at once.
    private static long Peak()
    {
        if (!OperatingSystem.IsLinux())
        {
            using var self = System.Diagnostics.Process.GetCurrentProcess();
            return self.PeakWorkingSet64;
        }

        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(6).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture) * 1024;
    }

    private sealed class Silence : IProgressPublisher
    {
        public void Publish(JobProgress progress)
        {
        }
    }
}
