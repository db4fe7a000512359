using System.Diagnostics;
using System.Text.Json;
using AiAssignments.IntegrationTests.Page;
using AiAssignments.Tests.Hosts;
using AiAssignments.Tests.Support;

namespace AiAssignments.IntegrationTests.Bench;

/// <summary><c>aia bench</c> as a user runs it. What it measures is not looked at here, only that all of it is there.</summary>
public sealed class BenchCommandTests
{
    private const string Key = "0123456789abcdef0123456789abcdef0123456789abcdef";

    [BenchFact]
    public async Task A_private_installation_is_measured_and_compared_with_an_earlier_table()
    {
        using var folder = new TemporaryFolder();
        var first = await BenchAsync(0, "--quick", "--rounds", "1", "--only", "response-times,throughput,resources,quality", "--out", folder.File("a"));
        var ids = Ids(first);
        foreach (var service in new[] { "gateway", "inference", "store", "upload", "websocket" })
        {
            Assert.Contains($"{service}.average", ids);
        }

        // Percentiles need samples, of which a slow machine has few in a short run; from the cache there are always enough.
        Assert.Superset(new HashSet<string> { "gateway.p95", "gateway.p99" }, ids);

        foreach (var service in new[] { "gateway", "inference", "upload", "evaluation" })
        {
            Assert.Superset(new HashSet<string> { $"{service}.requests-per-second", $"{service}.users", $"{service}.megabytes-per-second", $"{service}.cpu", $"{service}.memory" }, ids);
        }

        Assert.Equal(1, first.GetProperty("rounds").GetInt32());
        Assert.All(first.GetProperty("rows").EnumerateArray(), row => Assert.True(row.GetProperty("median").GetDouble() >= 0));
        Assert.Contains(ids, id => id.StartsWith("quality.sentiment.", StringComparison.Ordinal) && id.EndsWith(".f1", StringComparison.Ordinal));
        Assert.Contains(ids, id => id.StartsWith("quality.entity.", StringComparison.Ordinal) && id.EndsWith(".precision", StringComparison.Ordinal));
        foreach (var file in new[] { "bench.html", "bench.md", "bench.json" })
        {
            Assert.True(File.Exists(Path.Combine(folder.File("a"), file)));
        }

        // Sections that have no noise, so that the outcome is known: the same models on the same datasets.
        var second = await HostProcess.RunAsync("aia.dll", null, "bench", "--quick", "--only", "quality", "--against", Path.Combine(folder.File("a"), "bench.json"), "--out", folder.File("b"));
        Assert.True(second.ExitCode == 0, second.Error + second.Output);
        Assert.Contains("No regression beyond noise", second.Output, StringComparison.Ordinal);

        // Times of one round say nothing: refused at once.
        var once = await HostProcess.RunAsync("aia.dll", null, "bench", "--quick", "--against", Path.Combine(folder.File("a"), "bench.json"), "--out", folder.File("never"));
        Assert.True(once.ExitCode == 1 && once.Error.Contains("bench-not-comparable", StringComparison.Ordinal), $"{once.ExitCode}: {once.Error}");
        Assert.False(Directory.Exists(folder.File("never")));

        // And against one whose models were better.
        var path = Path.Combine(folder.File("a"), "bench.json");
        await File.WriteAllTextAsync(path, await BetterAsync(path));
        var third = await HostProcess.RunAsync("aia.dll", null, "bench", "--quick", "--only", "quality", "--against", path, "--out", folder.File("c"));
        Assert.True(third.ExitCode == 4, $"{third.ExitCode}: {third.Error}{third.Output}");
        Assert.Contains("WORSE:", third.Output, StringComparison.Ordinal);
    }

    [BenchFact]
    public async Task A_running_installation_is_measured_and_nothing_is_left_in_it()
    {
        using var folder = new TemporaryFolder();
        await using var server = new LocalServer("--samples", "false", "--auth", "keys") { AdminKey = Key };
        await server.StartAsync();
        var before = await DatasetsAsync(server);
        var table = await BenchAsync(0, "--url", server.Address.ToString(), "--key", Key, "--quick", "--rounds", "1", "--only", "throughput", "--out", folder.File("out"));
        Assert.Contains("upload.megabytes-per-second", Ids(table));
        Assert.Contains("evaluation.records-per-second", Ids(table));
        Assert.Equal(server.Address.GetLeftPart(UriPartial.Authority), table.GetProperty("installation").GetString());
        Assert.DoesNotContain(Key, await File.ReadAllTextAsync(Path.Combine(folder.File("out"), "bench.json")), StringComparison.Ordinal);
        Assert.Equal(before, await DatasetsAsync(server));
        Assert.Equal(0, (await server.Http.GetFromJsonElementAsync("/api/evaluations")).GetProperty("items").GetArrayLength());

        var spared = await BenchAsync(0, "--url", server.Address.ToString(), "--key", Key, "--read-only", "--quick", "--rounds", "1", "--only", "response-times", "--out", folder.File("spared"));
        Assert.Contains("gateway.p99", Ids(spared));
        Assert.DoesNotContain("upload.p99", Ids(spared));
    }

    [Fact]
    public async Task What_cannot_be_is_said_before_anything_is_measured()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("no.json"), "{\"rows\":");
        foreach (var (code, arguments) in new (string, string[])[]
        {
            ("bench-file-invalid", ["--against", folder.File("no.json")]),
            ("bench-file-not-found", ["--against", folder.File("absent.json")]),
            ("targets-invalid", ["--targets", folder.File("no.json")]),
            ("option-invalid", ["--only", "gossip"]),
            ("option-invalid", ["--rounds", "0"]),
            ("option-invalid", ["--read-only"]),
            ("target-remote", ["--url", "http://192.0.2.1:7071"]),
            ("target-unreachable", ["--url", "http://127.0.0.1:1"]),
        })
        {
            var (exit, output, error) = await HostProcess.RunAsync("aia.dll", null, ["bench", .. arguments, "--out", folder.File("out")]);
            Assert.True(exit == 1 && error.Contains(code, StringComparison.Ordinal), $"{code}: {exit}: {error}{output}");
        }

        Assert.False(Directory.Exists(folder.File("out")));
    }

    [Fact]
    public async Task A_stopped_bench_leaves_neither_a_process_nor_a_folder()
    {
        using var folder = new TemporaryFolder();
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "aia.dll"), "bench", "--quick", "--only", "throughput", "--out", folder.File("out")]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["TMPDIR"] = folder.Path;
        using var bench = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (await bench.StandardError.ReadLineAsync(patience.Token) is { } line && !line.Contains("round 1", StringComparison.Ordinal))
        {
        }

        Assert.NotEmpty(Directory.GetDirectories(folder.Path, "aia-bench-*"));
        using (var kill = Process.Start("kill", ["-TERM", bench.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync(patience.Token);
        }

        var rest = bench.StandardError.ReadToEndAsync(patience.Token);
        await bench.WaitForExitAsync(patience.Token);
        Assert.True(bench.ExitCode != 0, await rest);
        Assert.Empty(Directory.GetDirectories(folder.Path, "aia-*"));
        Assert.DoesNotContain(Directory.GetDirectories("/proc").Select(CommandLineOf), line => line.Contains(folder.Path, StringComparison.Ordinal));
    }

    private static string CommandLineOf(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }

    private static async Task<JsonElement> BenchAsync(int expected, params string[] arguments)
    {
        var (exit, output, error) = await HostProcess.RunAsync("aia.dll", null, ["bench", .. arguments, "--json"]);
        Assert.True(exit == expected, $"{exit}: {error}{output}");
        return JsonDocument.Parse(output).RootElement.GetProperty("table");
    }

    private static HashSet<string> Ids(JsonElement table) => [.. table.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("figure").GetProperty("id").GetString()!)];

    private static async Task<int> DatasetsAsync(LocalServer server) => (await server.Http.GetFromJsonElementAsync("/api/datasets")).GetProperty("items").GetArrayLength();

    private static async Task<string> BetterAsync(string path)
    {
        var table = System.Text.Json.Nodes.JsonNode.Parse(await File.ReadAllTextAsync(path))!;
        foreach (var row in table["rows"]!.AsArray().Where(row => (string)row!["figure"]!["section"]! == "quality"))
        {
            row!["rounds"] = new System.Text.Json.Nodes.JsonArray(0.9999);
        }

        return table.ToJsonString();
    }
}
