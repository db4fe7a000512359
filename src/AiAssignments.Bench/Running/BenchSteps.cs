using AiAssignments.Bench.Steps;
using AiAssignments.Bench.Table;

namespace AiAssignments.Bench.Running;

/// <summary>What is measured, in order.</summary>
internal static class BenchSteps
{
    /// <summary>Those that have something of what is asked for, and may be taken.</summary>
    public static IReadOnlyList<IBenchStep> Of(BenchContext context)
    {
        var steps = All(context).Where(step => step.Sections.Overlaps(context.Options.Sections)).ToList();
        if (context.Options.ReadOnly && steps.RemoveAll(step => step.Writes) > 0)
        {
            context.Collector.Note("Nothing was written to the installation (--read-only): uploads, evaluations and memory of its models were not measured.");
        }

        return steps;
    }

    private static IEnumerable<IBenchStep> All(BenchContext context)
    {
        if (context.Models.More)
        {
            context.Collector.Note($"The installation has more than {RegisteredModels.Most} models; the first {RegisteredModels.Most} as it lists them were measured.");
        }

        if (context.Options.Quick && context.Wants(BenchSection.Models))
        {
            context.Collector.Note("Not measured with --quick: BERT-base, batches of 16 of the BERT shapes, and the model service with a DistilBERT.");
        }

        yield return new QualityStep();
        foreach (var scenario in Scenarios.Of(context))
        {
            yield return new LoadStep(scenario);
        }

        if (context.Options is { Url: null, Quick: false })
        {
            yield return new ServedShapeStep();
        }

        if (context.Models.Text is not null)
        {
            yield return new EvaluationStep();
        }

        foreach (var model in context.Models.All)
        {
            yield return new ModelStep(model);
        }

        if (!context.Installation.Target.IsLoopback)
        {
            context.Collector.Note("The installation is on another machine: shapes of BERT, which run in the bench's own process, were not measured.");
            yield break;
        }

        foreach (var shape in ShapeStep.All(context.Options))
        {
            yield return shape;
        }
    }
}
