using System.Security.Cryptography;
using AiAssignments.Core.Workflows;
using AiAssignments.Pipeline.Optimizations;
using AiAssignments.Pipeline.Optimizations.Passes;
using AiAssignments.Tests.Pipeline;

namespace AiAssignments.Tests.Optimizations;

/// <summary>Cancelling and deleting at points of an optimization: the journal's commits are the points.</summary>
public sealed class OptimizationStoppingTests
{
    private static readonly GateOptions Allowed = new(0.1);

    public static TheoryData<int> Commits => [1, 4, 8, 9, 12, 16, 17];

    private static Lazy<Task<string>> Undisturbed { get; } = new(async () =>
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        return await FinishAsync(fixture);
    });

    [Theory]
    [MemberData(nameof(Commits))]
    public async Task Cancelled_it_goes_on_when_asked_again_and_makes_the_same_version(int commit)
    {
        var signal = new OptimizationFixture.AtCommit(commit);
        await using var fixture = await PipelineFixture.OpenAsync(signal);
        var id = await StartAsync(fixture);
        await Task.WhenAny(signal.Reached, fixture.Runtime.Optimizations.WaitAsync(id, CancellationToken.None));
        await fixture.Runtime.Optimizations.CancelAsync(id, CancellationToken.None);
        Assert.Contains((await fixture.Runtime.Optimizations.FindAsync(id, CancellationToken.None))!.Status, new[] { WorkflowStatus.Cancelled, WorkflowStatus.Completed });

        Assert.Equal(await Undisturbed.Value, await FinishAsync(fixture));
    }

    [Theory]
    [MemberData(nameof(Commits))]
    public async Task Deleted_it_leaves_nothing_but_its_version_and_can_be_asked_for_anew(int commit)
    {
        var signal = new OptimizationFixture.AtCommit(commit);
        await using var fixture = await PipelineFixture.OpenAsync(signal);
        var id = await StartAsync(fixture);
        await Task.WhenAny(signal.Reached, fixture.Runtime.Optimizations.WaitAsync(id, CancellationToken.None));
        Assert.True(await fixture.Runtime.Optimizations.DeleteAsync(id, CancellationToken.None));

        Assert.Null(await fixture.Runtime.Optimizations.FindAsync(id, CancellationToken.None));
        Assert.Empty(fixture.Files("optimizations"));
        Assert.Empty(fixture.Files("reports"));
        Assert.Empty(fixture.Files("work"));
        Assert.Empty(fixture.Files("cache"));
        Assert.Empty(await fixture.Runtime.Evaluations.ListAsync(CancellationToken.None));
        Assert.False(await fixture.Runtime.Optimizations.DeleteAsync(id, CancellationToken.None));

        Assert.Equal(await Undisturbed.Value, await FinishAsync(fixture));
    }

    [Fact]
    public async Task What_the_user_evaluated_himself_stays_when_an_optimization_goes()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var own = await fixture.EvaluateAsync(await fixture.ModelAsync("topic"), await fixture.EasyTopicsAsync(40), OptimizationFixture.Options);
        var id = await StartAsync(fixture);
        await fixture.Runtime.Optimizations.WaitAsync(id, CancellationToken.None);
        Assert.Equal(2, (await fixture.Runtime.Evaluations.ListAsync(CancellationToken.None)).Count);

        Assert.True(await fixture.Runtime.Optimizations.DeleteAsync(id, CancellationToken.None));

        Assert.Equal(own.Id, Assert.Single(await fixture.Runtime.Evaluations.ListAsync(CancellationToken.None)).Id);
        Assert.NotEmpty(fixture.Files("reports"));
    }

    [Fact]
    public async Task Leftovers_of_a_kill_are_swept_at_the_next_start()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        await fixture.ModelAsync("topic");
        var kept = fixture.Files("models").Count;
        string[] orphans =
        [
            Path.Combine(fixture.DataFolder, "models", "topic", "1-dynamic-int8-00112233", "model.onnx"),
            Path.Combine(fixture.DataFolder, "optimizations", "topic-1--quantize-dynamic-int8--deadbeef", OptimizationPaths.Html),
            Path.Combine(fixture.Runtime.CacheFolder, "passes", $"{new string('a', 32)}-1", ".model.onnx.partial", "model.onnx"),
            Path.Combine(fixture.Runtime.CacheFolder, "passes", "kept", new string('b', 32), "teacher.bin"),
        ];
        foreach (var orphan in orphans)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(orphan)!);
            await File.WriteAllTextAsync(orphan, "{}");
        }

        await fixture.ReopenAsync();

        Assert.All(orphans, orphan => Assert.False(File.Exists(orphan), orphan));
        Assert.Equal(kept, fixture.Files("models").Count);
    }

    private static async Task<string> StartAsync(PipelineFixture fixture)
    {
        var (id, _) = await fixture.Runtime.Optimizations.StartAsync(
            await fixture.ModelAsync("topic"), await fixture.EasyTopicsAsync(40), new QuantizeSpec(), Allowed, OptimizationFixture.Options, CancellationToken.None);
        return id;
    }

    // The version's bytes and the verdict: what a run that was disturbed must end with, too.
    private static async Task<string> FinishAsync(PipelineFixture fixture)
    {
        var job = await fixture.Runtime.Optimizations.WaitAsync(await StartAsync(fixture), CancellationToken.None);
        Assert.True(job.Status == WorkflowStatus.Completed, job.Problem?.ToString());
        var version = await fixture.Runtime.Models.GetAsync(job.Outcome!.Candidate, CancellationToken.None);
        var bytes = await File.ReadAllBytesAsync(fixture.Runtime.FilePath(version.BlobPrefix + "model.onnx"));
        return $"{version.Reference} {version.ContentHash} {version.Gate} {Convert.ToHexString(SHA256.HashData(bytes))} {job.Outcome.Verdict}";
    }
}
