using AiAssignments.Core.Workflows;
using AiAssignments.Inference.Models;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Optimizations;
using AiAssignments.Pipeline.Optimizations.Passes;
using AiAssignments.Tests.Pipeline;

namespace AiAssignments.Tests.Optimizations;

/// <summary>Two optimizations of one version on one gate dataset share its evaluation; what one of them made stays when it is deleted.</summary>
public sealed class SharedEvaluationTests
{
    private static readonly GateOptions Allowed = new(0.1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deleting_one_leaves_the_other_its_evaluations(bool deletesFirst)
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var (model, gate) = (await fixture.ModelAsync("topic"), await fixture.EasyTopicsAsync(40));
        var first = await fixture.OutcomeAsync(model, gate, new QuantizeSpec(), Allowed);
        var second = await fixture.OutcomeAsync(model, gate, new QuantizeSpec { PerChannel = false }, Allowed);
        Assert.Equal(first.Evaluations[0], second.Evaluations[0]);
        var (gone, stays) = deletesFirst ? (first, second) : (second, first);

        Assert.True(await fixture.Runtime.Optimizations.DeleteAsync(gone.OptimizationId, CancellationToken.None));

        var left = (await fixture.Runtime.Evaluations.ListAsync(CancellationToken.None)).Select(job => job.Id).ToList();
        Assert.Equal(stays.Evaluations.Order(), left.Order());
        var kept = await fixture.Runtime.Evaluations.FindAsync(stays.Evaluations[0], CancellationToken.None);
        Assert.Equal(40, (await fixture.ResultAsync(kept!.Outcome!)).Counts.Scored);

        Assert.True(await fixture.Runtime.Optimizations.DeleteAsync(stays.OptimizationId, CancellationToken.None));
        Assert.Empty(await fixture.Runtime.Evaluations.ListAsync(CancellationToken.None));
        Assert.Empty(fixture.Files("reports"));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(6)]
    public async Task Cancelling_or_deleting_one_in_the_middle_does_not_stop_the_other(int commit)
    {
        var signal = new OptimizationFixture.AtCommit(commit);
        await using var fixture = await PipelineFixture.OpenAsync(signal);
        var (model, gate) = (await fixture.ModelAsync("topic"), await fixture.EasyTopicsAsync(40));
        var ids = new List<string>();
        foreach (var pass in new[] { new QuantizeSpec(), new QuantizeSpec { PerChannel = false }, new QuantizeSpec { Symmetric = false } })
        {
            ids.Add((await fixture.Runtime.Optimizations.StartAsync(model, gate, pass, Allowed, OptimizationFixture.Options, CancellationToken.None)).Id);
        }

        await Task.WhenAny(signal.Reached, fixture.Runtime.Optimizations.WaitAsync(ids[0], CancellationToken.None));
        await Task.WhenAll(fixture.Runtime.Optimizations.CancelAsync(ids[0], CancellationToken.None), fixture.Runtime.Optimizations.DeleteAsync(ids[1], CancellationToken.None));

        var job = await fixture.Runtime.Optimizations.WaitAsync(ids[2], CancellationToken.None);
        Assert.True(job.Status == WorkflowStatus.Completed, job.Problem?.ToString());
        Assert.NotNull((await fixture.Runtime.Evaluations.FindAsync(job.Outcome!.Evaluations[0], CancellationToken.None))!.Outcome);
    }

    [Fact]
    public async Task A_gate_evaluation_that_was_deleted_is_done_again()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var (model, gate) = (await fixture.ModelAsync("topic"), await fixture.EasyTopicsAsync(40));

        // The pass fails behind the old version's evaluation, and the optimization can be asked for again.
        var spec = new QuantizeSpec { Exclude = ["nonesuch"] };
        var failed = await fixture.OptimizeAsync(model, gate, spec, Allowed);
        Assert.Equal("unknown-node", failed.Problem!.Code);
        var evaluation = Assert.Single(await fixture.Runtime.Evaluations.ListAsync(CancellationToken.None)).Id;
        Assert.True(await fixture.Runtime.Evaluations.DeleteAsync(evaluation, CancellationToken.None));

        await fixture.OptimizeAsync(model, gate, spec, Allowed);

        var again = Assert.Single(await fixture.Runtime.Evaluations.ListAsync(CancellationToken.None));
        Assert.Equal((evaluation, WorkflowStatus.Completed), (again.Id, again.Status));
        Assert.Equal(40, (await fixture.ResultAsync(again.Outcome!)).Counts.Scored);
    }

    [Fact]
    public async Task Deleted_and_asked_for_again_with_other_bytes_it_makes_another_version()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var (model, gate) = (await fixture.ModelAsync("topic"), await fixture.EasyTopicsAsync(40));
        var first = await fixture.OutcomeAsync(model, gate, new QuantizeSpec(), Allowed);
        Assert.True(await fixture.Runtime.Optimizations.DeleteAsync(first.OptimizationId, CancellationToken.None));

        // What another release of the pass would have left here: the same version, other content.
        await fixture.Runtime.Models.DeleteVersionAsync(first.Candidate, CancellationToken.None);
        var other = Directory.CreateDirectory(fixture.PathOf("other")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(PipelineFixture.ModelsFolder, "topic")))
        {
            File.Copy(file, Path.Combine(other, Path.GetFileName(file)));
        }

        await fixture.Runtime.Models.RegisterAsync(other, new ModelOverrides { Name = "topic", Version = first.Candidate.Split('@')[1] }, activate: false, CancellationToken.None);
        var second = await fixture.OutcomeAsync(model, gate, new QuantizeSpec(), Allowed);

        Assert.Equal(first.Candidate + "-2", second.Candidate);
        Assert.Equal(GateState.Accepted, (await fixture.Runtime.Models.GetAsync(second.Candidate, CancellationToken.None)).Gate);

        // And once more: it finds the one that it made.
        Assert.True(await fixture.Runtime.Optimizations.DeleteAsync(second.OptimizationId, CancellationToken.None));
        Assert.Equal(second.Candidate, (await fixture.OutcomeAsync(model, gate, new QuantizeSpec(), Allowed)).Candidate);
    }
}
