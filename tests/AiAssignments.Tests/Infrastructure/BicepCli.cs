using System.Diagnostics;
using System.Reflection;

namespace AiAssignments.Tests.Infrastructure;

/// <summary>The Bicep CLI of <c>infra/cli</c>.</summary>
internal static class BicepCli
{
    public static string FilePath { get; } = typeof(BicepCli).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "BicepCli").Value!
        + (OperatingSystem.IsWindows() ? ".exe" : string.Empty);

    /// <summary>Why it is not there; <c>null</c> when it is.</summary>
    public static string? Missing { get; } = File.Exists(FilePath) ? null : "The Bicep CLI is not restored (dotnet restore infra/cli).";

    /// <summary>Runs it.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="arguments">With what.</param>
    /// <returns>Its exit code, output and messages.</returns>
    public static async Task<(int Code, string Output, string Messages)> RunAsync(string folder, params string[] arguments)
    {
        if (!OperatingSystem.IsWindows())
        {
            // Its package, made on Windows, may come without the right to run it.
            File.SetUnixFileMode(FilePath, File.GetUnixFileMode(FilePath) | UnixFileMode.UserExecute);
        }

        var start = new ProcessStartInfo(FilePath, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["AZURE_ENV_NAME"] = "test";
        start.Environment["AZURE_LOCATION"] = "westeurope";
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("AIA_", StringComparison.Ordinal) || name is "AZURE_PRINCIPAL_ID").ToList())
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var messages = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await messages);
    }
}
