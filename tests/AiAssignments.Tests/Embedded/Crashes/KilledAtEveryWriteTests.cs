using System.Globalization;
using AiAssignments.Core.Errors;
using AiAssignments.Embedded;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Embedded.Crashes;

public sealed class KilledAtEveryWriteTests
{
    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    public async Task A_run_killed_at_any_journal_write_ends_as_an_undisturbed_one(string when)
    {
        using var calm = new TemporaryFolder();
        var undisturbed = await CrashHostProcess.RunAsync("text", calm.Path, when, "0");
        Assert.True(undisturbed.ExitCode == 0, undisturbed.Error);
        Assert.StartsWith("Completed ", undisturbed.Result, StringComparison.Ordinal);

        // How the writes fall into commits depends on the timing; beyond the last one a run is simply not killed.
        Assert.InRange(undisturbed.Commits, 10, 60);
        var killed = 0;
        await Parallel.ForEachAsync(Enumerable.Range(1, undisturbed.Commits), new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (ordinal, _) =>
        {
            using var folder = new TemporaryFolder();
            var first = await CrashHostProcess.RunAsync("text", folder.Path, when, ordinal.ToString(CultureInfo.InvariantCulture));
            if (first.Result is null)
            {
                Interlocked.Increment(ref killed);
            }

            var last = await CrashHostProcess.RunAsync("text", folder.Path, when, "0");
            AssertSame(undisturbed, last, folder.Path);
        });
        Assert.True(killed >= undisturbed.Commits / 2, $"Only {killed} of {undisturbed.Commits} runs were killed.");
    }

    [Fact]
    public async Task A_run_killed_again_and_again_comes_to_its_end()
    {
        using var folder = new TemporaryFolder();
        CrashHostProcess run;
        var killed = 0;
        while ((run = await CrashHostProcess.RunAsync("text", folder.Path, killed % 2 == 0 ? "after" : "before", $"{3 + (killed % 3)}")).Result is null)
        {
            Assert.True(run.ExitCode != 2 && ++killed < 60, run.Error);
        }

        using var calm = new TemporaryFolder();
        AssertSame(await CrashHostProcess.RunAsync("text", calm.Path, "after", "0"), run, folder.Path);
        Assert.True(killed > 3);
    }

    [Fact]
    public async Task A_second_process_on_a_data_folder_is_told_who_has_it()
    {
        using var folder = new TemporaryFolder();
        using (DataFolder.Open(folder.Path))
        {
            var second = await CrashHostProcess.RunAsync("text", folder.Path, "after", "0");
            Assert.Equal(2, second.ExitCode);
            Assert.Contains("data-folder-in-use", second.Error, StringComparison.Ordinal);
            Assert.Contains($"process {Environment.ProcessId} ", second.Error, StringComparison.Ordinal);
            Assert.Equal("data-folder-in-use", Assert.Throws<ProblemException>(() => DataFolder.Open(folder.Path)).Problem.Code);
        }

        DataFolder.Open(folder.Path).Dispose();
    }

    [Fact]
    public async Task A_data_folder_of_a_newer_version_or_none_at_all_is_refused()
    {
        using var folder = new TemporaryFolder();
        DataFolder.Open(folder.Path).Dispose();
        await File.WriteAllTextAsync(folder.File(".layout"), "2");
        Assert.Equal("data-folder-version", Assert.Throws<ProblemException>(() => DataFolder.Open(folder.Path)).Problem.Code);
        await File.WriteAllTextAsync(folder.File("file"), "x");
        Assert.Equal("data-folder-unusable", Assert.Throws<ProblemException>(() => DataFolder.Open(folder.File("file"))).Problem.Code);
    }

    private static void AssertSame(CrashHostProcess expected, CrashHostProcess actual, string folder)
    {
        Assert.True(actual.ExitCode == 0, actual.Error);
        Assert.Equal(expected.Result, actual.Result);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(folder, ".tmp")));
    }
}
