using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace AiAssignments.Benchmarks.Gateway;

/// <summary>The limit: Kestrel with one terminal middleware that returns constant bytes, at once or after a fixed time.</summary>
internal static class BareKestrel
{
    /// <summary>Arguments: port, bytes of the answer, milliseconds before it (default 0).</summary>
    public static int Run(string[] args)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.AddServerHeader = false).UseUrls($"http://127.0.0.1:{args[0]}");
        builder.Logging.ClearProviders();
        var body = new byte[int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture)];
        Array.Fill(body, (byte)'x');
        var delay = args.Length > 2 ? int.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture) : 0;
        var app = builder.Build();
        app.Run(async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = body.Length;
            await context.Request.Body.CopyToAsync(Stream.Null).ConfigureAwait(false);
            if (delay > 0)
            {
                await Task.Delay(delay).ConfigureAwait(false);
            }

            await context.Response.Body.WriteAsync(body).ConfigureAwait(false);
        });
        app.Run();
        return 0;
    }
}
