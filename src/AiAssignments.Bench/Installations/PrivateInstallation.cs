using System.Diagnostics;
using AiAssignments.Core.Errors;

namespace AiAssignments.Bench.Installations;

/// <summary>The local host in a process of its own, with the sample models and datasets, in a temporary data folder, on a free port of the loopback. Gone with this.</summary>
internal sealed class PrivateInstallation : IAsyncDisposable
{
    private const string Assembly = "AiAssignments.Local.dll";
    private const string Serving = "Serving on ";
    private const int MostLines = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly DirectoryInfo folder;
    private readonly Queue<string> said = new();
    private readonly TaskCompletionSource<string> address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PrivateInstallation(Process process, DirectoryInfo folder)
    {
        (this.process, this.folder) = (process, folder);
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.Exited += (_, _) => address.TrySetException(Failed("ended at once"));
        process.EnableRaisingEvents = true;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Its URL.</summary>
    public string Url { get; private set; } = string.Empty;

    /// <exception cref="ProblemException"><c>bench-host-missing</c>, <c>bench-host-failed</c>.</exception>
    public static async Task<PrivateInstallation> StartAsync(CancellationToken cancellationToken)
    {
        var host = Path.Combine(AppContext.BaseDirectory, Assembly);
        if (!File.Exists(host))
        {
            throw new ProblemException("bench-host-missing", $"The local host ({Assembly}) does not lie beside this program; measure a running installation with --url.", AppContext.BaseDirectory);
        }

        var folder = Directory.CreateTempSubdirectory("aia-bench-");
        var start = new ProcessStartInfo(Dotnet()) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = folder.FullName };
        foreach (var argument in new[] { "exec", host, "--data", Path.Combine(folder.FullName, "data"), "--urls", "http://127.0.0.1:0" })
        {
            start.ArgumentList.Add(argument);
        }

        // What is set for another host must not make this one another.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("AIA_", StringComparison.Ordinal) || name.StartsWith("OTEL_", StringComparison.Ordinal) || name == "APPLICATIONINSIGHTS_CONNECTION_STRING").ToList())
        {
            start.Environment.Remove(name);
        }

        var installation = new PrivateInstallation(new Process { StartInfo = start }, folder);
        try
        {
            installation.Url = await installation.address.Task.WaitAsync(Patience, cancellationToken).ConfigureAwait(false);
            return installation;
        }
        catch (TimeoutException)
        {
            var failed = installation.Failed("did not begin to serve in time");
            await installation.DisposeAsync().ConfigureAwait(false);
            throw failed;
        }
        catch
        {
            await installation.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync().ConfigureAwait(false);
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }

        process.Dispose();
        try
        {
            folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A temporary folder: the system clears what could not be deleted.
        }
    }

    // The one that runs this, when it is one; else what the search path finds.
    private static string Dotnet() => Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) == "dotnet" ? own : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (said)
        {
            said.Enqueue(line);
            if (said.Count > MostLines)
            {
                said.Dequeue();
            }
        }

        if (line.StartsWith(Serving, StringComparison.Ordinal))
        {
            address.TrySetResult(line[Serving.Length..].Split(';', ',')[0].Trim());
        }
    }

    private ProblemException Failed(string how)
    {
        lock (said)
        {
            return new ProblemException("bench-host-failed", $"The local host {how}. It said: {string.Join(" ", said)}");
        }
    }
}
