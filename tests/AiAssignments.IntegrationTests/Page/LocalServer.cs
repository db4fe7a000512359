using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using AiAssignments.Tests.Caching;
using AiAssignments.Tests.Hosts;
using AiAssignments.Tests.Support;

namespace AiAssignments.IntegrationTests.Page;

/// <summary>The local host as a user starts it: a process, a data folder and a port of its own, which it keeps when it is started again.</summary>
/// <param name="arguments">More of its command line.</param>
public sealed class LocalServer(params string[] arguments) : IAsyncDisposable
{
    private const string Assembly = "AiAssignments.Local.dll";

    private readonly TemporaryFolder folder = new();
    private readonly int port = FreePort();
    private HostProcess? process;

    /// <summary>Environment's <c>AIA_ADMIN_KEY</c>.</summary>
    public string? AdminKey { get; init; }

    /// <summary>Where it answers.</summary>
    public Uri Address => new($"http://127.0.0.1:{port}");

    /// <summary>Its data folder.</summary>
    public string Data => folder.File("data");

    /// <summary>A client of its API.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <summary>A file of this test run.</summary>
    public string Scratch(string name) => folder.File(name);

    /// <summary>Starts it, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        process = HostProcess.StartWith("AIA_ADMIN_KEY", AdminKey, Assembly, ["--data", Data, "--urls", $"http://127.0.0.1:{port}", .. arguments]);
        await process.SayAsync("Serving on ");
        Http ??= new HttpClient { BaseAddress = Address };
        if (AdminKey is not null)
        {
            Http.DefaultRequestHeaders.Remove("X-API-Key");
            Http.DefaultRequestHeaders.Add("X-API-Key", AdminKey);
        }
    }

    /// <summary>Ends it without a warning.</summary>
    public Task KillAsync() => process!.KillAsync();

    /// <summary>Waits until as many evaluations have completed.</summary>
    public Task FinishedAsync(int count) => Eventually.HoldsAsync(async () =>
        (await Http.GetFromJsonAsync<JsonElement>(new Uri("/api/evaluations?status=completed", UriKind.Relative))).GetProperty("items").GetArrayLength() >= count);

    /// <summary>Takes a dataset in; returns its id.</summary>
    public async Task<string> AddDatasetAsync(string name, string content, bool evaluate = false)
    {
        using var body = new StringContent(content);
        using var reply = await Http.PostAsync(new Uri($"/api/datasets?name={Uri.EscapeDataString(name)}&evaluate={(evaluate ? "true" : "false")}", UriKind.Relative), body);
        return (await ReadAsync(reply)).GetProperty("id").GetString()!;
    }

    /// <summary>Begins an evaluation; returns its id.</summary>
    public async Task<string> EvaluateAsync(string model, string dataset, ulong seed = 42)
    {
        using var reply = await Http.PostAsJsonAsync("/api/evaluations", new { model, dataset, options = new { seed } });
        return (await ReadAsync(reply)).GetProperty("id").GetString()!;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        if (process is not null)
        {
            await process.DisposeAsync();
        }

        folder.Dispose();
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage reply)
    {
        var text = await reply.Content.ReadAsStringAsync();
        Assert.True(reply.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
