using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AiAssignments.Benchmarks.Load;

/// <summary>A server in a process of its own, on a free loopback port; ended with this.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process process;

    private ServerProcess(Process process, IPEndPoint address) => (this.process, Address) = (process, address);

    public IPEndPoint Address { get; }

    /// <summary>Processor time used so far.</summary>
    public TimeSpan Processor
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory, MiB.</summary>
    public double ResidentMiB
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64 / 1048576.0;
        }
    }

    /// <summary>Starts a command that listens on the port it is given, and waits until a path answers 200.</summary>
    public static async Task<ServerProcess> StartAsync(string file, Func<int, IEnumerable<string>> arguments, string readyPath)
    {
        var port = FreePort();
        var info = new ProcessStartInfo(file) { RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var argument in arguments(port))
        {
            info.ArgumentList.Add(argument);
        }

        var server = new ServerProcess(Process.Start(info)!, new IPEndPoint(IPAddress.Loopback, port));
        server.process.OutputDataReceived += (_, _) => { };
        server.process.BeginOutputReadLine();
        using var http = new HttpClient();
        for (var patience = Stopwatch.StartNew(); ;)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}{readyPath}"))).ConfigureAwait(false);
                if (answer.IsSuccessStatusCode)
                {
                    return server;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            if (server.process.HasExited || patience.Elapsed > TimeSpan.FromSeconds(120))
            {
                server.Dispose();
                throw new InvalidOperationException($"{file} did not become ready.");
            }

            await Task.Delay(50).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }

    private static int FreePort()
    {
        using var probe = new Socket(SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
