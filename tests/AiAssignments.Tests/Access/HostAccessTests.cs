using System.Net;
using AiAssignments.Tests.Hosts;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Access;

/// <summary>The programs as a user starts them: a first key from the command line, then a server that asks for it.</summary>
public sealed class HostAccessTests
{
    [Fact]
    public async Task A_key_made_on_the_command_line_opens_the_server()
    {
        using var folder = new TemporaryFolder();
        var data = folder.File("data");
        var (exit, _, error) = await HostProcess.RunAsync("AiAssignments.Local.dll", null, "--data", data, "--urls", "http://127.0.0.1:0", "--auth", "keys");
        Assert.Equal(1, exit);
        Assert.Contains("[admin-key-missing]", error, StringComparison.Ordinal);

        var made = await HostProcess.RunAsync("aia.dll", null, "keys", "create", "operator", "--scope", "admin", "--expires", "30d", "--data", data);
        Assert.Equal(0, made.ExitCode);
        var key = made.Output.Trim();
        Assert.StartsWith("aia_", key, StringComparison.Ordinal);
        var list = await HostProcess.RunAsync("aia.dll", null, "keys", "--data", data);
        Assert.Contains("admin  operator  until ", list.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(key, list.Output, StringComparison.Ordinal);

        await using (var host = HostProcess.Start("AiAssignments.Local.dll", "--data", data, "--urls", "http://127.0.0.1:0", "--samples", "false", "--auth", "keys"))
        {
            var line = await host.SayAsync("Serving on ");
            using var http = new HttpClient { BaseAddress = new Uri(line["Serving on ".Length..line.IndexOf(';', StringComparison.Ordinal)]) };
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("/", UriKind.Relative))).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("/api/health/live", UriKind.Relative))).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(new Uri("/api/models", UriKind.Relative))).StatusCode);
            http.DefaultRequestHeaders.Add("X-API-Key", key);
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("/api/models", UriKind.Relative))).StatusCode);
        }

        var gone = await HostProcess.RunAsync("aia.dll", null, "keys", "delete", key[4..20], "--data", data);
        Assert.Equal(0, gone.ExitCode);
        Assert.Empty((await HostProcess.RunAsync("aia.dll", null, "keys", "--data", data)).Output.Trim());
    }
}
