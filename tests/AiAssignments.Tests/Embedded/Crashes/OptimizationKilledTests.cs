using System.Globalization;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Embedded.Crashes;

/// <summary>An optimization in a child process that is killed hard, at every journal write and in the middle of blob writes: the same version in the end, no other, and nothing half-written.</summary>
public sealed class OptimizationKilledTests : IDisposable
{
    private static readonly string Model = Path.Combine(RepositoryRoot.Path, "src", "AiAssignments.Local", "models", "topic");
    private static readonly string Dataset = Path.Combine(RepositoryRoot.Path, "src", "AiAssignments.Local", "samples", "topics.jsonl");
    private readonly TemporaryFolder shared = new();

    public void Dispose() => shared.Dispose();

    [Fact]
    public async Task Killed_at_any_journal_write_it_ends_with_the_same_version()
    {
        var calm = await UndisturbedAsync("quantize");
        Assert.InRange(calm.Commits, 12, 60);
        Assert.Contains(" Accepted ", calm.Result, StringComparison.Ordinal);
        var killed = 0;
        await Parallel.ForEachAsync(Enumerable.Range(1, calm.Commits), new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (ordinal, _) =>
        {
            using var folder = new TemporaryFolder();
            var when = ordinal % 2 == 0 ? "before" : "after";
            var first = await RunAsync(folder.Path, when, ordinal, 0, "quantize");
            if (first.Result is null)
            {
                Interlocked.Increment(ref killed);
            }

            AssertSame(calm, await RunAsync(folder.Path, when, 0, 0, "quantize"), folder.Path);
        });

        // How activities that end together share a commit depends on timing; past the last commit a run is not killed.
        Assert.True(killed >= calm.Commits / 2, $"Only {killed} of {calm.Commits} runs were killed.");
    }

    [Theory]
    [InlineData("quantize", 5)]
    [InlineData("distill", 3)]
    public async Task Killed_in_the_middle_of_a_blob_write_it_leaves_no_half_written_version(string pass, int kills)
    {
        var calm = await UndisturbedAsync(pass);
        var writes = int.Parse(calm.Output.Split('\n').First(line => line.StartsWith("writes ", StringComparison.Ordinal))["writes ".Length..], CultureInfo.InvariantCulture);
        var random = new Random(20261124);
        var moments = Enumerable.Range(0, kills).Select(_ => random.Next(1, writes + 1)).Distinct().ToList();
        var killed = 0;
        await Parallel.ForEachAsync(moments, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (write, _) =>
        {
            using var folder = new TemporaryFolder();
            var first = await RunAsync(folder.Path, "after", 0, write, pass);
            if (first.Result is null)
            {
                Interlocked.Increment(ref killed);
            }

            AssertSame(calm, await RunAsync(folder.Path, "after", 0, 0, pass), folder.Path);
        });
        Assert.Equal(moments.Count, killed);
    }

    private async Task<CrashHostProcess> UndisturbedAsync(string pass)
    {
        using var folder = new TemporaryFolder();
        var run = await RunAsync(folder.Path, "after", 0, 0, pass);
        Assert.True(run.ExitCode == 0, run.Error);
        return run;
    }

    private async Task<CrashHostProcess> RunAsync(string folder, string when, int commit, int write, string pass)
    {
        var learned = shared.File("learned.jsonl");
        lock (shared)
        {
            if (!File.Exists(learned))
            {
                File.WriteAllLines(learned, File.ReadLines(Dataset).Skip(20).Concat(["{\"text\": \"The coach praised the team\", \"label\": \"Sports\"}"]));
            }
        }

        return await CrashHostProcess.RunAsync(
            "optimize", folder, when, commit.ToString(CultureInfo.InvariantCulture), Model, Dataset, write.ToString(CultureInfo.InvariantCulture), pass, learned);
    }

    private static void AssertSame(CrashHostProcess expected, CrashHostProcess actual, string folder)
    {
        Assert.True(actual.ExitCode == 0, actual.Error);
        Assert.Equal(expected.Result, actual.Result);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(folder, ".tmp")));
    }
}
