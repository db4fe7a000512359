using System.Diagnostics;
using System.Globalization;

namespace AiAssignments.Tests.Embedded.Crashes;

/// <summary>A run of the crash host in a process of its own.</summary>
/// <param name="Output">Its standard output; empty of a result when it was killed.</param>
/// <param name="Error">Its standard error.</param>
/// <param name="ExitCode">0 when it came to its end.</param>
internal sealed record CrashHostProcess(string Output, string Error, int ExitCode)
{
    public string? Result => Line("result ");

    public int Commits => int.Parse(Line("commits ")!, CultureInfo.InvariantCulture);

    public static async Task<CrashHostProcess> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "AiAssignments.CrashHost.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // Starting fast matters more here than running fast.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_TC_BackgroundWorkerTimeoutMs"] = "0";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException)
        {
            process.Kill();
            throw;
        }

        return new CrashHostProcess(await output, await error, process.ExitCode);
    }

    private string? Line(string start) =>
        Output.Split('\n').FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal))?[start.Length..];
}
