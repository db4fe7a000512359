using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using AiAssignments.Tests.Caching;
using AiAssignments.Tests.Hosts;
using AiAssignments.Tests.Support;

namespace AiAssignments.IntegrationTests.Azure.Blobs;

/// <summary>The local host in a process and a data folder of its own, its blobs elsewhere.</summary>
/// <param name="program">The assembly: of the host, or of the command line, whose command <c>serve</c> is the same.</param>
/// <param name="arguments">Its arguments beyond folder and address.</param>
internal sealed class StorageHost(string program, string[] arguments) : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly int port = FreePort();

    public string Data => folder.File("data");

    public HostProcess Process { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public string Scratch(string name) => folder.File(name);

    /// <summary>Starts it; kills the one that runs.</summary>
    public async Task RestartAsync()
    {
        if (Process is not null)
        {
            await Process.DisposeAsync();
        }

        string[] command = program.StartsWith("aia", StringComparison.Ordinal) ? ["serve"] : [];
        Process = HostProcess.Start(program, [.. command, "--data", Data, "--urls", $"http://127.0.0.1:{port}", .. arguments]);
        await Process.SayAsync("Serving on ");
        Http ??= new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    public async Task<int> CountAsync() => (await EvaluationsAsync()).GetArrayLength();

    /// <summary>The first evaluation, once it has completed.</summary>
    public async Task<JsonElement> FinishedAsync()
    {
        await Eventually.HoldsAsync(async () =>
        {
            var all = await EvaluationsAsync();
            return all.GetArrayLength() > 0 && all.EnumerateArray().All(one => one.GetProperty("status").GetString() == "completed");
        });
        return (await EvaluationsAsync())[0];
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        if (Process is not null)
        {
            await Process.DisposeAsync();
        }

        folder.Dispose();
    }

    private async Task<JsonElement> EvaluationsAsync() => (await Http.GetFromJsonAsync<JsonElement>(new Uri("/api/evaluations", UriKind.Relative))).GetProperty("items");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
