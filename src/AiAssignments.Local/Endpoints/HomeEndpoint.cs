using Microsoft.Extensions.FileProviders;

namespace AiAssignments.Local.Endpoints;

/// <summary>The page at <c>/</c>.</summary>
internal static class HomeEndpoint
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void MapHome(this WebApplication app)
    {
        var files = new PhysicalFileProvider(Path.Combine(AppContext.BaseDirectory, "dashboard"));
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = files,
            OnPrepareResponse = response =>
            {
                response.Context.Response.Headers.ContentSecurityPolicy = Policy;
                response.Context.Response.Headers.CacheControl = "no-cache";
            },
        });
    }
}
