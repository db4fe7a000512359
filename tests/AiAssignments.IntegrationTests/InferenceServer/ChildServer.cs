using System.Diagnostics;
using System.Text;

namespace AiAssignments.IntegrationTests.InferenceServer;

/// <summary>The inference server as a process of its own.</summary>
internal sealed class ChildServer : IDisposable
{
    private readonly StringBuilder output = new();

    private ChildServer(Process process) => Process = process;

    public Process Process { get; }

    public Uri Address { get; private set; } = null!;

    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    /// <summary>Starts one and waits until it says ready.</summary>
    public static async Task<ChildServer> StartAsync(params string[] args)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var child = Run(line => _ = line == "Ready." && ready.TrySetResult(), ["--models", RunningServer.Models, "--urls", "http://127.0.0.1:0", "--grpc-urls", "http://127.0.0.1:0", .. args]);
        try
        {
            await Task.WhenAny(ready.Task, child.Process.WaitForExitAsync()).WaitAsync(TimeSpan.FromMinutes(2));
            Assert.True(ready.Task.IsCompleted, child.Output);
            var line = child.Output.Split('\n').First(each => each.StartsWith("HTTP on ", StringComparison.Ordinal));
            child.Address = new Uri(line["HTTP on ".Length..line.IndexOf(';', StringComparison.Ordinal)]);
            return child;
        }
        catch
        {
            child.Dispose();
            throw;
        }
    }

    /// <summary>Runs one that is expected to end by itself.</summary>
    public static async Task<(int Code, string Output)> RunAsync(params string[] args)
    {
        using var child = Run(_ => { }, args);
        await child.Process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        return (child.Process.ExitCode, child.Output);
    }

    public void Dispose()
    {
        if (!Process.HasExited)
        {
            Process.Kill();
            Process.WaitForExit(10_000);
        }

        Process.Dispose();
    }

    private static ChildServer Run(Action<string> onLine, string[] args)
    {
        var assembly = typeof(AiAssignments.InferenceServer.Hosting.InferenceHost).Assembly.Location;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var arg in (string[])["exec", assembly, .. args])
        {
            start.ArgumentList.Add(arg);
        }

        var child = new ChildServer(new Process { StartInfo = start });
        child.Process.OutputDataReceived += (_, line) => child.Add(line.Data, onLine);
        child.Process.ErrorDataReceived += (_, line) => child.Add(line.Data, onLine);
        child.Process.Start();
        child.Process.BeginOutputReadLine();
        child.Process.BeginErrorReadLine();
        return child;
    }

    private void Add(string? line, Action<string> onLine)
    {
        if (line is not null)
        {
            lock (output)
            {
                output.AppendLine(line);
            }

            onLine(line);
        }
    }
}
