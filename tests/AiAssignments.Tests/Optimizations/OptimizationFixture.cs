using System.Globalization;
using System.Text;
using AiAssignments.Core.Evaluations;
using AiAssignments.Core.Workflows;
using AiAssignments.Embedded.Workflows;
using AiAssignments.Pipeline.Datasets;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Optimizations;
using AiAssignments.Pipeline.Optimizations.Passes;
using AiAssignments.Tests.Pipeline;

namespace AiAssignments.Tests.Optimizations;

/// <summary>The embedded pipeline with what optimizations need.</summary>
internal static class OptimizationFixture
{
    public static readonly EvaluationOptions Options = new() { BootstrapSamples = 100 };

    public static async Task<OptimizationJob> OptimizeAsync(this PipelineFixture fixture, ModelVersion model, Dataset gate, PassSpec pass, GateOptions? allowed = null)
    {
        var (id, _) = await fixture.Runtime.Optimizations.StartAsync(model, gate, pass, allowed ?? new GateOptions(), Options, CancellationToken.None);
        return await fixture.Runtime.Optimizations.WaitAsync(id, CancellationToken.None);
    }

    /// <summary>As <see cref="OptimizeAsync"/>, and it must come to its end.</summary>
    public static async Task<OptimizationOutcome> OutcomeAsync(this PipelineFixture fixture, ModelVersion model, Dataset gate, PassSpec pass, GateOptions? allowed = null)
    {
        var job = await fixture.OptimizeAsync(model, gate, pass, allowed);
        Assert.True(job.Status == WorkflowStatus.Completed, job.Problem?.ToString());
        return job.Outcome!;
    }

    /// <summary>Sentences that the sample model for topics has no doubt of; not those of the samples.</summary>
    public static Task<Dataset> EasyTopicsAsync(this PipelineFixture fixture, int records, int first = 0)
    {
        (string Label, string Text)[] kinds =
        [
            ("Sports", "The striker scored {0} goals as the team won the cup final"), ("Business", "Shares of the company fell {0} percent after the profit warning"),
            ("World", "The president met the prime minister for peace talks after {0} soldiers died in the war"), ("Sci/Tech", "Microsoft released version {0} of its Windows software for personal computers"),
        ];
        var lines = Enumerable.Range(first, records).Select(i => (kinds[i % 4].Label, Text: string.Format(CultureInfo.InvariantCulture, kinds[i % 4].Text, 3 + i)));
        return fixture.DatasetAsync(first == 0 ? $"easy-{records}.jsonl" : $"easy-{records}-from-{first}.jsonl", string.Concat(lines.Select(line => $"{{\"text\": \"{line.Text}\", \"label\": \"{line.Label}\"}}\n")));
    }

    public static string Text(this PipelineFixture fixture, OptimizationOutcome outcome, string file) =>
        File.ReadAllText(fixture.Runtime.FilePath(outcome.ReportFolder + file), Encoding.UTF8);

    /// <summary>Reaches a commit of the journal.</summary>
    internal sealed class AtCommit(int commit) : IJournalObserver
    {
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => reached.Task;

        public void BeforeCommit(long ordinal)
        {
        }

        public void AfterCommit(long ordinal)
        {
            if (ordinal == commit)
            {
                reached.TrySetResult();
            }
        }
    }
}
