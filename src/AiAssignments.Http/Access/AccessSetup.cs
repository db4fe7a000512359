using AiAssignments.Core.Storage;
using AiAssignments.Http.OpenApi;
using AiAssignments.Http.Routing;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Access.Keys;
using AiAssignments.Pipeline.Access.Tokens;
using AiAssignments.Pipeline.Gateway;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiAssignments.Http.Access;

/// <summary>Puts access control into a host.</summary>
public static class AccessSetup
{
    private static readonly string[] SentHeaders =
    [
        "Authorization", AccessControl.ApiKeyHeader, "Content-Type", "Accept", "Idempotency-Key", "If-Match", "If-None-Match",
        "Tus-Resumable", "Upload-Length", "Upload-Offset", "Upload-Metadata", "Upload-Checksum", "X-HTTP-Method-Override",
    ];

    private static readonly string[] ReadHeaders =
    [
        "Location", "ETag", "Retry-After", "Server-Timing", "WWW-Authenticate", "Dataset-Id",
        "Tus-Resumable", "Tus-Version", "Tus-Extension", "Tus-Max-Size", "Tus-Checksum-Algorithm", "Upload-Offset", "Upload-Length", "Upload-Expires",
    ];

    /// <summary>Reads the settings: from the command line under their names, from the environment as <c>AIA_</c> and the name in upper case; see <see cref="AccessSettings"/>.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="urls">Where it listens, separated by <c>;</c>.</param>
    /// <exception cref="Core.Errors.ProblemException"><c>option-invalid</c>; <c>address-not-loopback</c>.</exception>
    public static AccessOptions Read(IConfiguration configuration, string urls) => AccessSettings.Read(
        name => configuration[name] ?? configuration["AIA_" + name.ToUpperInvariant().Replace('-', '_')],
        Environment.GetEnvironmentVariable("AIA_ADMIN_KEY"),
        ListeningAddresses.AreLoopback(urls));

    /// <summary>Adds what <see cref="UseAccess"/> needs. The host adds <see cref="IDocumentStore"/>, and <see cref="TimeProvider"/> where it is not the system's.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Who gets in.</param>
    /// <param name="limits">Limits of the web server; the defaults when <c>null</c>.</param>
    public static IServiceCollection AddAccess(this IServiceCollection services, AccessOptions options, RequestLimits? limits = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options).AddSingleton(limits ?? new RequestLimits());
        services.AddSingleton<ApiKeys>();
        if (options.Jwt is { } jwt)
        {
            services.AddSingleton(provider => new JwtVerifier(jwt, provider.GetRequiredService<TimeProvider>()));
        }

        services.AddSingleton(provider => new AccessGate(
            options, provider.GetRequiredService<ApiKeys>(), provider.GetService<JwtVerifier>(), provider.GetRequiredService<TimeProvider>()));

        // Where nobody is asked for a credential the address decides who gets in, so only the connection's own will do.
        services.AddSingleton(provider => new AccessControl(provider.GetRequiredService<AccessGate>(), options.Required ? options.FrontDoorId : null));
        services.AddSingleton<IGatewayRoutes, KeyRoutes>();
        services.AddSingleton(new OpenApiSchema("KeyPage", typeof(Page<KeyView>))).AddSingleton(new OpenApiSchema("Key", typeof(KeyView))).AddSingleton(new OpenApiSchema("NewKey", typeof(KeyRequest)));
        return services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. options.Origins]).WithMethods("GET", "HEAD", "POST", "PATCH", "DELETE").WithHeaders(SentHeaders).WithExposedHeaders(ReadHeaders).SetPreflightMaxAge(TimeSpan.FromHours(1))));
    }

    /// <summary>Puts it into the pipeline: after the middleware that shows problems, before the endpoints.</summary>
    /// <param name="app">The pipeline.</param>
    public static IApplicationBuilder UseAccess(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetRequiredService<AccessOptions>().Origins.Count > 0)
        {
            app.UseCors();
        }

        return app.UseMiddleware<AccessMiddleware>();
    }

    /// <summary>Who asks; <c>null</c> before access control.</summary>
    /// <param name="context">The request.</param>
    public static Caller? Caller(this HttpContext context) => context.Features.Get<Caller>();
}
