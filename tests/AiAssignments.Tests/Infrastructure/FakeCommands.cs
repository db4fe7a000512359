using System.Diagnostics;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Infrastructure;

/// <summary>A folder of commands that stand for the real ones on the PATH of a script, and note what they were called with.</summary>
internal sealed class FakeCommands : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public FakeCommands()
    {
        Directory.CreateDirectory(Bin);
        File.WriteAllText(Log, string.Empty);
    }

    /// <summary>A folder for the script to work in.</summary>
    public string Work => Path.Combine(folder.Path, "work");

    /// <summary>The calls, a line each, arguments separated by <c>|</c>.</summary>
    public IReadOnlyList<string> Calls => File.ReadAllLines(Log);

    private string Bin => Path.Combine(folder.Path, "bin");

    private string Log => Path.Combine(folder.Path, "calls");

    /// <summary>Adds a command.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="body">What it does, in shell, with the arguments joined by blanks in <c>$all</c>.</param>
    public void Add(string name, string body)
    {
        var path = Path.Combine(Bin, name);
        File.WriteAllText(path, $"#!/bin/sh\n(IFS='|'; printf '%s|%s\\n' '{name}' \"$*\") | tr '\\n' ' ' >>'{Log}'; echo >>'{Log}'\nall=\"$*\"\n{body}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Runs a script of <c>infra/</c> with these commands first on its PATH.</summary>
    public async Task<(int Code, string Output)> RunAsync(string script, params (string Name, string Value)[] environment)
    {
        Directory.CreateDirectory(Work);
        var start = new ProcessStartInfo("/bin/sh", [Path.Combine(InfraFiles.Folder, script)]) { WorkingDirectory = Work, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        start.Environment["PATH"] = $"{Bin}:/usr/bin:/bin";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    public void Dispose() => folder.Dispose();
}
