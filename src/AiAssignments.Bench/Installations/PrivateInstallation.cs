using System.ComponentModel;
using System.Diagnostics;
using AiAssignments.Core.Errors;

namespace AiAssignments.Bench.Installations;

/// <summary>The local host in a process of its own, with the sample models and datasets, in a temporary data folder, on a free port of the loopback. Gone with this; and it ends by itself when this process does, however that ends.</summary>
internal sealed class PrivateInstallation : IAsyncDisposable
{
    private const string Serving = "Serving on ";
    private const int MostLines = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(5);

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
    }

    /// <summary>Its URL.</summary>
    public string Url { get; private set; } = string.Empty;

    /// <summary>Whether its data folder lies in memory, so that no disk is measured.</summary>
    public bool IsInMemory => FileSystemOf(folder) is "tmpfs" or "ramfs";

    /// <param name="host">Path of the host's assembly.</param>
    /// <param name="cancellationToken">Stops the start; nothing is left then.</param>
    /// <exception cref="ProblemException"><c>bench-host-missing</c>, <c>bench-host-failed</c>.</exception>
    public static async Task<PrivateInstallation> StartAsync(string? host, CancellationToken cancellationToken)
    {
        if (host is null || !File.Exists(host))
        {
            throw new ProblemException("bench-host-missing", "The local host does not lie beside this program; measure a running installation with --url.", host ?? AppContext.BaseDirectory);
        }

        var folder = Directory.CreateTempSubdirectory("aia-bench-");
        var installation = new PrivateInstallation(new Process { StartInfo = Describe(host, folder.FullName) }, folder);
        try
        {
            installation.Start();
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
            // It ends when its input does, and tidies up after itself; what does not in time is killed.
            process.StandardInput.Close();
            using var patience = new CancellationTokenSource(EndPatience);
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync().ConfigureAwait(false);
        }
        catch (InvalidOperationException)
        {
            // It has ended, or never began.
        }

        process.Dispose();
        try
        {
            folder.Delete(recursive: true);
        }
        catch (Exception left) when (left is IOException or UnauthorizedAccessException)
        {
            // A temporary folder: the system clears what could not be deleted.
        }
    }

    private static ProcessStartInfo Describe(string host, string folder)
    {
        var start = new ProcessStartInfo(Dotnet()) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = folder };
        foreach (var argument in new[] { "exec", host, "--data", Path.Combine(folder, "data"), "--urls", "http://127.0.0.1:0", "--end-with-input", "true" })
        {
            start.ArgumentList.Add(argument);
        }

        // What is set for another host must not make this one another.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("AIA_", StringComparison.Ordinal) || name.StartsWith("OTEL_", StringComparison.Ordinal) || name == "APPLICATIONINSIGHTS_CONNECTION_STRING").ToList())
        {
            start.Environment.Remove(name);
        }

        return start;
    }

    // The one that runs this, when it is one; else what the search path finds.
    private static string Dotnet() => Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) == "dotnet" ? own : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private static string? FileSystemOf(DirectoryInfo folder)
    {
        try
        {
            return new DriveInfo(folder.FullName).DriveFormat;
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private void Start()
    {
        try
        {
            process.Start();
        }
        catch (Win32Exception error)
        {
            throw new ProblemException(new Problem("bench-host-failed", $"The local host could not be started: {error.Message}", process.StartInfo.FileName), error);
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

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
