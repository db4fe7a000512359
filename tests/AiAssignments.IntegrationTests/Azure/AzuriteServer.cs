using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AiAssignments.Azure.Blobs;
using AiAssignments.Tests.Support;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Configuration;

namespace AiAssignments.IntegrationTests.Azure;

/// <summary>Azurite's blob service on a loopback port of its own, in memory; started by the first test that asks for it, and ended with the last.</summary>
public sealed class AzuriteServer : IAsyncLifetime
{
    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "tests", "AiAssignments.IntegrationTests", "Azure", "azurite");
    private static readonly string Program = Path.Combine(Folder, "node_modules", "azurite", "dist", "src", "blob", "main.js");

    private readonly ConcurrentQueue<string> lines = new();
    private readonly Lazy<Task<Process>> process;

    public AzuriteServer() => process = new Lazy<Task<Process>>(StartAsync);

    /// <summary>Why it cannot be run here; <c>null</c>: it can.</summary>
    public static string? Missing { get; } =
        !File.Exists(Program) ? "needs the npm package azurite: run npm ci in tests/AiAssignments.IntegrationTests/Azure/azurite"
        : !OnPath("node") ? "needs node, which is not on this machine"
        : null;

    /// <summary>Where it answers.</summary>
    public Uri Address { get; } = new($"http://127.0.0.1:{FreePort()}");

    /// <summary>Clients of four containers of their own, which are made.</summary>
    public async Task<AzureBlobs> ConnectAsync(string? prefix = null, Action<BlobClientOptions>? adjust = null, int? listPage = null)
    {
        await process.Value;
        var blobs = AzureBlobs.Connect(Settings(prefix ?? NewPrefix()), null, TimeProvider.System, new BlobTuning { ListPage = listPage }, adjust);
        await blobs.PrepareAsync(CancellationToken.None);
        return blobs;
    }

    /// <summary>Starts it, if nobody has.</summary>
    public Task ReadyAsync() => process.Value;

    /// <summary>What the names of a test's own containers begin with.</summary>
    public static string NewPrefix() => $"t{Guid.NewGuid():N}"[..16] + "-";

    /// <summary>Settings of containers of these names.</summary>
    public BlobSettings Settings(string prefix) => BlobSettings.From(
        new ConfigurationBuilder().AddInMemoryCollection(Containers(prefix).ToDictionary(one => $"Blobs:{one.Setting}", string? (one) => one.Name)).Build(), Address);

    /// <summary>The settings that name containers, and their names.</summary>
    public static IReadOnlyList<(string Setting, string Name)> Containers(string prefix) =>
        [("Container", prefix + "store"), ("DatasetsContainer", prefix + "datasets"), ("ModelsContainer", prefix + "models"), ("ServingContainer", prefix + "serving")];

    /// <summary>Nothing: only who asks for it has it started.</summary>
    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>Ends it.</summary>
    public async Task DisposeAsync()
    {
        if (process.IsValueCreated)
        {
            using var running = await process.Value;
            if (!running.HasExited)
            {
                running.Kill(entireProcessTree: true);
            }

            await running.WaitForExitAsync();
        }
    }

    private async Task<Process> StartAsync()
    {
        var start = new ProcessStartInfo("node", [
            Program, "--blobHost", "127.0.0.1", "--blobPort", $"{Address.Port}", "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder,
        };
        var started = Process.Start(start)!;
        started.OutputDataReceived += (_, line) => lines.Enqueue(line.Data ?? string.Empty);
        started.ErrorDataReceived += (_, line) => lines.Enqueue(line.Data ?? string.Empty);
        started.BeginOutputReadLine();
        started.BeginErrorReadLine();
        for (var patience = Stopwatch.StartNew(); ;)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, Address.Port);
                return started;
            }
            catch (SocketException) when (!started.HasExited && patience.Elapsed < TimeSpan.FromMinutes(2))
            {
                await Task.Delay(50);
            }
            catch (SocketException)
            {
                started.Kill(entireProcessTree: true);
                throw new InvalidOperationException($"Azurite did not start: {string.Join(' ', lines)}");
            }
        }
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".exe")));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
