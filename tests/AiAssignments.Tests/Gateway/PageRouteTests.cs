using System.Net;
using System.Text.RegularExpressions;
using AiAssignments.Http.Pages;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Gateway;

public sealed partial class PageRouteTests(GatewayHost host) : IClassFixture<GatewayHost>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/docs")]
    public async Task A_page_refers_to_fingerprinted_files_that_may_be_held_for_ever(string path)
    {
        var page = await host.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal("no-cache", page.Header("Cache-Control"));
        Assert.Contains("script-src 'self'", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        var references = Reference().Matches(page.Text).Select(found => found.Groups[1].Value).ToList();
        Assert.True(references.Count >= 2, page.Text);
        foreach (var reference in references)
        {
            var file = await host.GetAsync(reference, ("Accept-Encoding", "br"));
            Assert.Equal(HttpStatusCode.OK, file.Status);
            Assert.Equal("public, max-age=31536000, immutable", file.Header("Cache-Control"));
            Assert.Equal("br", file.Header("Content-Encoding"));
            Assert.Equal("nosniff", file.Header("X-Content-Type-Options"));
            Assert.Equal(HttpStatusCode.NotModified, (await host.GetAsync(reference, ("If-None-Match", file.Header("ETag")!))).Status);
            (await host.GetAsync(FingerprintPart().Replace(reference, "/0000000000000000/"))).Refuses(HttpStatusCode.NotFound, "file-not-found");
        }
    }

    [Theory]
    [InlineData("..%2f..%2fREADME.md")]
    [InlineData("%2e%2e/%2e%2e/README.md")]
    [InlineData("..\\README.md")]
    [InlineData("index.html")]
    [InlineData("")]
    public async Task Nothing_else_is_read(string path)
    {
        var fingerprint = FileBundle.OfFolder(Path.Combine(RepositoryRoot.Path, "src", "dashboard"), "/assets").Fingerprint;
        var reply = await host.GetAsync($"/assets/{fingerprint}/{path}");
        Assert.Equal(HttpStatusCode.NotFound, reply.Status);
    }

    [Fact]
    public void A_changed_file_changes_the_fingerprint_of_all_and_only_known_references_are_rewritten()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("modules"));
        File.WriteAllText(folder.File("index.html"), "<link href=\"./a.css\"><script src='x'></script><script src=\"modules/b.js\"></script><a href=\"/reports/1\"></a><a href=\"#a.css\"></a><link href=\"data:,\">");
        File.WriteAllText(folder.File("a.css"), "body{}");
        File.WriteAllText(folder.File("modules/b.js"), "import \"./c.js\";");
        File.WriteAllText(folder.File("modules/c.js"), "1");
        File.WriteAllText(folder.File(".hidden"), "no");
        var first = FileBundle.OfFolder(folder.File("."), "/assets");
        var html = System.Text.Encoding.UTF8.GetString(first.Index.In(null).Content);
        Assert.Equal($"<link href=\"/assets/{first.Fingerprint}/a.css\"><script src='x'></script><script src=\"/assets/{first.Fingerprint}/modules/b.js\"></script><a href=\"/reports/1\"></a><a href=\"#a.css\"></a><link href=\"data:,\">", html);
        Assert.NotNull(first.Find(first.Fingerprint, "modules/c.js"));
        Assert.Null(first.Find(first.Fingerprint, ".hidden"));
        File.WriteAllText(folder.File("modules/c.js"), "2");
        Assert.NotEqual(first.Fingerprint, FileBundle.OfFolder(folder.File("."), "/assets").Fingerprint);
    }

    [GeneratedRegex("(?:src|href)=\"(/[^\"]*assets/[^\"]+)\"")]
    private static partial Regex Reference();

    [GeneratedRegex("/[0-9a-f]{16}/")]
    private static partial Regex FingerprintPart();
}
