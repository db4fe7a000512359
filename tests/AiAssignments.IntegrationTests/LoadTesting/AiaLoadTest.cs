using System.Text.Json;
using AiAssignments.Tests.Hosts;

namespace AiAssignments.IntegrationTests.LoadTesting;

/// <summary><c>aia loadtest</c> in a process of its own, as a user runs it.</summary>
internal static class AiaLoadTest
{
    /// <summary>Runs it with a short warm-up and for a short while.</summary>
    public static Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) =>
        HostProcess.RunAsync("aia.dll", null, ["loadtest", .. arguments, "--duration", "1500ms", "--warm-up", "500ms"]);

    /// <summary>The report of a whole trace.</summary>
    public static async Task<JsonElement> TraceAsync(params string[] arguments)
    {
        var (exit, output, error) = await HostProcess.RunAsync("aia.dll", null, ["loadtest", .. arguments, "--json"]);
        Assert.True(exit == 0, $"{exit}: {error}{output}");
        return JsonDocument.Parse(output).RootElement;
    }

    /// <summary>Its report; it must have ended well.</summary>
    public static async Task<JsonElement> ReportAsync(params string[] arguments)
    {
        var (exit, output, error) = await RunAsync([.. arguments, "--json"]);
        Assert.True(exit == 0, $"{exit}: {error}{output}");
        return JsonDocument.Parse(output).RootElement;
    }

    public static long Count(this JsonElement report, string figure) => report.GetProperty("requests").GetProperty(figure).GetInt64();
}
