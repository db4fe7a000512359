using System.Diagnostics;
using System.Text.Json;
using AiAssignments.Bench.Reports;
using AiAssignments.Bench.Running;
using AiAssignments.Bench.Table;
using AiAssignments.IntegrationTests.Page;
using AiAssignments.Tests.Caching;
using AiAssignments.Tests.Hosts;
using AiAssignments.Tests.Support;

namespace AiAssignments.IntegrationTests.Bench;

/// <summary><c>aia bench</c>, as a user runs it and with the shortest of runs. What it measures is not looked at here, only that all of it is there.</summary>
public sealed class BenchCommandTests
{
    private const string Key = "0123456789abcdef0123456789abcdef0123456789abcdef";

    // The least of everything: that it is measured is what is looked at. A service that answers too seldom for a throughput on a busy machine is asked for longer by the bench itself.
    private static readonly BenchPace Short = new(
        TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(0.3), 1, TimeSpan.FromSeconds(0.05), TimeSpan.Zero, 1, 16, 50_000, 50, 20, 2, 5, 200, 3);

    [Fact]
    public async Task All_services_of_a_private_installation_are_measured()
    {
        var table = await MeasureAsync(new BenchOptions { Host = Path.Combine(AppContext.BaseDirectory, "AiAssignments.Local.dll"), Sections = Sections(BenchSection.ResponseTimes, BenchSection.Throughput, BenchSection.Resources, BenchSection.Quality) });
        foreach (var service in new[] { "gateway", "inference", "store", "upload", "websocket" })
        {
            Has(table, $"{service}.average", $"{service}.cpu", $"{service}.memory", $"{service}.storage", $"{service}.network");
        }

        foreach (var service in new[] { "gateway", "inference", "upload", "evaluation" })
        {
            Has(table, $"{service}.requests-per-second", $"{service}.users", $"{service}.megabytes-per-second");
        }

        // Half of the throughput of answers from the cache is enough requests for percentiles, however busy the machine is.
        Has(table, "gateway.p95", "evaluation.cpu", "evaluation.memory", "evaluation.storage", "evaluation.network", "evaluation.records-per-second");
        foreach (var figure in new[] { "accuracy", "precision", "recall", "f1" })
        {
            Assert.Equal(4, table.Rows.Count(row => row.Figure.Section == BenchSection.Quality && row.Figure.Id.EndsWith($".{figure}", StringComparison.Ordinal)));
        }

        // Two of the fifty users that are wished for do not meet that target.
        Assert.All(table.Rows.Where(row => row.Figure.Id == "evaluation.users"), row => Assert.Equal((50, null), (row.Target, row.Met)));
        Assert.Contains(table.Notes, note => note.Contains("at the beginning the lists held", StringComparison.Ordinal) && note.Contains(FormattableString.Invariant($"{4 + Short.SeededDatasets} datasets"), StringComparison.Ordinal));
        Assert.Equal((1, "private"), (table.Rounds, table.Installation));
        Assert.All(table.Rows, row => Assert.True(row.Median >= 0));
    }

    [Fact]
    public async Task A_running_installation_is_measured_and_nothing_is_left_in_it()
    {
        using var folder = new TemporaryFolder();
        await using var server = new LocalServer("--samples", "false", "--auth", "keys") { AdminKey = Key };
        await server.StartAsync();
        await ModelsAsync(server);
        var before = await DatasetsAsync(server);
        var options = new BenchOptions { Url = server.Address.ToString(), Key = Key, Sections = Sections(BenchSection.Throughput) };
        var table = await MeasureAsync(options);
        Has(table, "upload.megabytes-per-second", "evaluation.records-per-second");
        Assert.Equal(server.Address.GetLeftPart(UriPartial.Authority), table.Installation);
        Assert.Equal(before, await DatasetsAsync(server));
        Assert.Equal(0, (await server.Http.GetFromJsonElementAsync("/api/evaluations")).GetProperty("items").GetArrayLength());

        var spared = await MeasureAsync(options with { ReadOnly = true, Sections = Sections(BenchSection.ResponseTimes) });
        Has(spared, "gateway.average", "store.average");
        Assert.DoesNotContain(spared.Rows, row => row.Figure.Id.StartsWith("upload.", StringComparison.Ordinal));

        await BenchFolder.WriteAsync(table, null, folder.File("a"));
        foreach (var file in Directory.GetFiles(folder.File("a")))
        {
            Assert.DoesNotContain(Key, await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        }

        // Throughput of one round says nothing: refused at once.
        var (exit, _, error) = await HostProcess.RunAsync("aia.dll", null, "bench", "--quick", "--against", Path.Combine(folder.File("a"), "bench.json"), "--out", folder.File("never"));
        Assert.True(exit == 1 && error.Contains("bench-not-comparable", StringComparison.Ordinal), $"{exit}: {error}");
        Assert.False(Directory.Exists(folder.File("never")));
    }

    [Fact]
    public async Task Models_and_shapes_are_measured_at_each_batch_size()
    {
        await using var server = new LocalServer("--samples", "false");
        await server.StartAsync();
        await ModelsAsync(server);
        var table = await MeasureAsync(new BenchOptions { Url = server.Address.ToString(), Tokens = 8, Sections = Sections(BenchSection.Models) });
        foreach (var name in new[] { "model.topic", "model.sentiment", "model.entity", "model.fashion", "shape.distilbert" })
        {
            foreach (var batch in new[] { 1, 8, 16 })
            {
                Has(table, $"{name}.batch-{batch}.average", $"{name}.batch-{batch}.inputs-per-second", $"{name}.batch-{batch}.memory");
            }
        }

        Assert.Contains(table.Rows, row => row.Figure.Subject.Contains("random weights, 8 tokens, batch 16", StringComparison.Ordinal));
        Assert.Equal(12, table.Rows.Single(row => row.Figure.Id == "shape.distilbert.batch-1.average").Target);
        Assert.Contains(table.Notes, note => note.Contains("Not measured with --quick: BERT-base", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tables_are_written_and_compared_as_a_user_does_it()
    {
        using var folder = new TemporaryFolder();
        await using var server = new LocalServer();
        await server.StartAsync();
        await server.FinishedAsync(4);
        Task<(int ExitCode, string Output, string Error)> BenchAsync(params string[] arguments) =>
            HostProcess.RunAsync("aia.dll", null, ["bench", "--url", server.Address.ToString(), "--quick", "--only", "quality", .. arguments]);

        // Figures that have no noise, so that the outcome is known: the same models on the same datasets.
        var first = await BenchAsync("--out", folder.File("a"));
        Assert.True(first.ExitCode == 0, first.Error + first.Output);
        foreach (var file in new[] { "bench.html", "bench.md", "bench.json" })
        {
            Assert.True(File.Exists(Path.Combine(folder.File("a"), file)));
        }

        var earlier = Path.Combine(folder.File("a"), "bench.json");
        var second = await BenchAsync("--against", earlier, "--out", folder.File("b"), "--json");
        Assert.True(second.ExitCode == 0, second.Error + second.Output);
        var comparison = JsonDocument.Parse(second.Output).RootElement.GetProperty("comparison");
        Assert.False(comparison.GetProperty("fails").GetBoolean());
        Assert.Equal(16, comparison.GetProperty("changes").GetArrayLength());

        // And against one whose models were better.
        await File.WriteAllTextAsync(earlier, await BetterAsync(earlier));
        var third = await BenchAsync("--against", earlier, "--out", folder.File("c"));
        Assert.True(third.ExitCode == 4, $"{third.ExitCode}: {third.Error}{third.Output}");
        Assert.Contains("WORSE:", third.Output, StringComparison.Ordinal);
        Assert.Contains("16 regressions beyond noise", await File.ReadAllTextAsync(Path.Combine(folder.File("c"), "bench.md")), StringComparison.Ordinal);
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
        while (await bench.StandardError.ReadLineAsync(patience.Token) is { } line && !line.Contains("Preparing: Model service", StringComparison.Ordinal))
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

    private static async Task<BenchTable> MeasureAsync(BenchOptions options)
    {
        var table = await BenchRun.RunAsync(options with { Quick = true, Rounds = 1, Pace = Short }, null, TimeProvider.System, CancellationToken.None);
        Assert.True(table.Failed.Count == 0, string.Join('\n', table.Notes));
        return table;
    }

    // They are registered while the server answers already.
    private static Task ModelsAsync(LocalServer server) =>
        Eventually.HoldsAsync(async () => (await server.Http.GetFromJsonElementAsync("/api/models")).GetProperty("items").EnumerateArray().Count(model => model.GetProperty("active").ValueKind == JsonValueKind.String) == 4);

    private static HashSet<BenchSection> Sections(params BenchSection[] sections) => [.. sections];

    // What a note says was left out, because there was too little of it, is no failure.
    private static void Has(BenchTable table, params string[] ids)
    {
        foreach (var id in ids)
        {
            var service = table.Rows.FirstOrDefault(row => row.Figure.Id.StartsWith(id[..(id.IndexOf('.', StringComparison.Ordinal) + 1)], StringComparison.Ordinal))?.Figure.Subject;
            Assert.True(
                table.Rows.Any(row => row.Figure.Id == id) || (service is not null && table.Notes.Any(note => note.StartsWith(service, StringComparison.Ordinal) && note.Contains("too few", StringComparison.Ordinal))),
                $"{id} is missing. {string.Join('\n', table.Notes)}");
        }
    }

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
