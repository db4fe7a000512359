using System.Globalization;
using AiAssignments.Tests.Embedded.Crashes;
using AiAssignments.Tests.Support;

namespace AiAssignments.IntegrationTests.Azure.Blobs;

/// <summary>The main job in a child process over Azurite, killed hard before or after a request to the storage service, or at a journal write: the same figures in the end, nothing twice, no orphans.</summary>
[Collection(AzuriteGroup.Name)]
public sealed class KilledOverAzuriteTests(AzuriteServer azurite)
{
    private static readonly string Model = Path.Combine(RepositoryRoot.Path, "src", "AiAssignments.Local", "models", "topic");
    private static readonly string Dataset = Path.Combine(RepositoryRoot.Path, "src", "AiAssignments.Local", "samples", "topics.jsonl");

    [AzuriteFact]
    public async Task It_finds_what_the_folder_store_finds()
    {
        using var folder = new TemporaryFolder();
        var inFolder = await CrashHostProcess.RunAsync("evaluate", folder.Path, "after", "0", Model, Dataset, "0");
        var calm = await UndisturbedAsync();

        // Scored records, the hash of all figures, and the hash of the predictions; what follows is the names of what is left, which are another store's.
        Assert.Equal(inFolder.Result!.Split(' ')[..3], calm.Result!.Split(' ')[..3]);
    }

    [AzuriteTheory]
    [InlineData("before", 7)]
    [InlineData("after", 7)]
    public async Task Killed_at_a_request_it_ends_with_the_same_figures_and_no_orphans(string when, int kills)
    {
        var calm = await UndisturbedAsync();
        var requests = int.Parse(calm.Output.Split('\n').First(line => line.StartsWith("requests ", StringComparison.Ordinal))["requests ".Length..], CultureInfo.InvariantCulture);
        var random = new Random(20261123 + when.Length);
        await KillAsync(calm, Enumerable.Range(0, kills).Select(_ => (Commit: 0, Request: random.Next(1, requests + 1))), when);
    }

    [AzuriteFact]
    public async Task Killed_at_a_journal_write_it_ends_with_the_same_figures()
    {
        var calm = await UndisturbedAsync();
        var random = new Random(20261124);
        await KillAsync(calm, Enumerable.Range(0, 5).Select(_ => (Commit: random.Next(1, calm.Commits - 1), Request: 0)), "after");
    }

    [AzuriteFact]
    public async Task Killed_again_and_again_it_comes_to_its_end()
    {
        var calm = await UndisturbedAsync();
        using var folder = new TemporaryFolder();
        var prefix = AzuriteServer.NewPrefix();
        var random = new Random(20261125);
        CrashHostProcess run;
        var killed = 0;
        while ((run = await RunAsync(folder, prefix, killed % 2 == 0 ? "before" : "after", 0, random.Next(20, 60))).Result is null)
        {
            Assert.True(run.ExitCode != 2 && ++killed < 40, run.Error);
        }

        AssertSame(calm, run);
        Assert.True(killed > 1);
    }

    private async Task KillAsync(CrashHostProcess calm, IEnumerable<(int Commit, int Request)> moments, string when)
    {
        var all = moments.Distinct().ToList();
        var killed = 0;
        await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (moment, _) =>
        {
            using var folder = new TemporaryFolder();
            var prefix = AzuriteServer.NewPrefix();
            if ((await RunAsync(folder, prefix, when, moment.Commit, moment.Request)).Result is null)
            {
                Interlocked.Increment(ref killed);
            }

            AssertSame(calm, await RunAsync(folder, prefix, when, 0, 0));
        });

        // How many requests and commits there are depends a little on timing; past the last one a run is not killed.
        Assert.True(killed >= all.Count - 1, $"Only {killed} of {all.Count} runs were killed.");
    }

    private async Task<CrashHostProcess> UndisturbedAsync()
    {
        using var folder = new TemporaryFolder();
        var run = await RunAsync(folder, AzuriteServer.NewPrefix(), "after", 0, 0);
        Assert.True(run.ExitCode == 0, run.Error);
        return run;
    }

    private async Task<CrashHostProcess> RunAsync(TemporaryFolder folder, string prefix, string when, int commit, int request)
    {
        await azurite.ReadyAsync();
        return await CrashHostProcess.RunAsync(
            "evaluate", folder.Path, when, commit.ToString(CultureInfo.InvariantCulture), Model, Dataset, request.ToString(CultureInfo.InvariantCulture), azurite.Address.AbsoluteUri, prefix);
    }

    private static void AssertSame(CrashHostProcess expected, CrashHostProcess actual)
    {
        Assert.True(actual.ExitCode == 0, actual.Error);
        Assert.Equal(expected.Result, actual.Result);
    }
}
