using System.Globalization;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Embedded.Crashes;

/// <summary>The main job in a child process that is killed hard, at every journal write and in the middle of blob writes.</summary>
public sealed class EvaluationKilledTests
{
    private static readonly string Model = Path.Combine(RepositoryRoot.Path, "src", "AiAssignments.Local", "models", "topic");
    private static readonly string Dataset = Path.Combine(RepositoryRoot.Path, "src", "AiAssignments.Local", "samples", "topics.jsonl");

    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    public async Task Killed_at_any_journal_write_it_ends_with_the_same_figures_to_the_last_bit(string when)
    {
        var calm = await UndisturbedAsync();
        Assert.InRange(calm.Commits, 8, 60);
        var killed = 0;
        await Parallel.ForEachAsync(Enumerable.Range(1, calm.Commits), new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (ordinal, _) =>
        {
            using var folder = new TemporaryFolder();
            var first = await RunAsync(folder.Path, when, ordinal, 0);
            if (first.Result is null)
            {
                Interlocked.Increment(ref killed);
            }

            AssertSame(calm, await RunAsync(folder.Path, when, 0, 0), folder.Path);
        });

        // How activities that end together share a commit depends on timing; past the last commit a run is not killed.
        Assert.True(killed >= calm.Commits / 2, $"Only {killed} of {calm.Commits} runs were killed.");
    }

    [Fact]
    public async Task Killed_in_the_middle_of_a_blob_write_it_ends_with_the_same_figures_and_no_orphans()
    {
        var calm = await UndisturbedAsync();
        var writes = int.Parse(calm.Output.Split('\n').First(line => line.StartsWith("writes ", StringComparison.Ordinal))["writes ".Length..], CultureInfo.InvariantCulture);
        var random = new Random(20261123);
        var moments = Enumerable.Range(0, 12).Select(_ => random.Next(1, writes + 1)).Distinct().ToList();
        var killed = 0;
        await Parallel.ForEachAsync(moments, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (write, _) =>
        {
            using var folder = new TemporaryFolder();
            var first = await RunAsync(folder.Path, "after", 0, write);
            if (first.Result is null)
            {
                Interlocked.Increment(ref killed);
            }

            AssertSame(calm, await RunAsync(folder.Path, "after", 0, 0), folder.Path);
        });
        Assert.Equal(moments.Count, killed);
    }

    [Fact]
    public async Task Killed_again_and_again_it_comes_to_its_end()
    {
        var calm = await UndisturbedAsync();
        using var folder = new TemporaryFolder();
        CrashHostProcess run;
        var killed = 0;
        while ((run = await RunAsync(folder.Path, killed % 2 == 0 ? "before" : "after", 2 + (killed % 3), 0)).Result is null)
        {
            Assert.True(run.ExitCode != 2 && ++killed < 40, run.Error);
        }

        AssertSame(calm, run, folder.Path);
        Assert.True(killed > 2);
    }

    private static async Task<CrashHostProcess> UndisturbedAsync()
    {
        using var folder = new TemporaryFolder();
        var run = await RunAsync(folder.Path, "after", 0, 0);
        Assert.True(run.ExitCode == 0, run.Error);
        return run;
    }

    private static Task<CrashHostProcess> RunAsync(string folder, string when, int commit, int write) => CrashHostProcess.RunAsync(
        "evaluate", folder, when, commit.ToString(CultureInfo.InvariantCulture), Model, Dataset, write.ToString(CultureInfo.InvariantCulture));

    private static void AssertSame(CrashHostProcess expected, CrashHostProcess actual, string folder)
    {
        Assert.True(actual.ExitCode == 0, actual.Error);
        Assert.Equal(expected.Result, actual.Result);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(folder, ".tmp")));
        Assert.False(Directory.Exists(Path.Combine(folder, "work")));
    }
}
