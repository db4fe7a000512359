using System.Collections.Concurrent;
using System.Diagnostics;

namespace AiAssignments.Tests.Hosts;

/// <summary>One of the hosts in a process of its own, as a user starts it.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();
    private readonly SemaphoreSlim arrived = new(0);

    private HostProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Text => string.Join('\n', lines);

    public static HostProcess Start(string assembly, params string[] arguments) => new(Process.Start(Describe(assembly, arguments))!);

    /// <summary>With a variable in its environment; <c>null</c>: without it.</summary>
    public static HostProcess StartWith(string name, string? value, string assembly, params string[] arguments)
    {
        var start = Describe(assembly, arguments);
        start.Environment.Remove(name);
        if (value is not null)
        {
            start.Environment.Add(name, value);
        }

        return new HostProcess(Process.Start(start)!);
    }

    /// <summary>Runs to the end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(string assembly, string? input, params string[] arguments)
    {
        var start = Describe(assembly, arguments);
        start.RedirectStandardInput = true;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Waits until a line holds the text, and returns it.</summary>
    public async Task<string> SayAsync(string text, int occurrence = 1)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            var found = lines.Where(line => line.Contains(text, StringComparison.Ordinal)).Skip(occurrence - 1).FirstOrDefault();
            if (found is not null)
            {
                return found;
            }

            Assert.False(process.HasExited && lines.IsEmpty, "The process ended without a word.");
            try
            {
                await arrived.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"'{text}' was not said. It said:\n{Text}");
            }
        }
    }

    public async Task KillAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
        arrived.Dispose();
    }

    private static ProcessStartInfo Describe(string assembly, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, assembly));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    private void Take(string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
            try
            {
                arrived.Release();
            }
            catch (ObjectDisposedException)
            {
                // Nobody waits any more.
            }
        }
    }
}
