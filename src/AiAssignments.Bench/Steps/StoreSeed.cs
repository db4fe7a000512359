using AiAssignments.Bench.Installations;
using AiAssignments.Bench.Running;
using AiAssignments.Core.Errors;

namespace AiAssignments.Bench.Steps;

/// <summary>Fills a private installation's lists, so that queries of its stores have something to look through: small datasets, and an evaluation of each.</summary>
internal static class StoreSeed
{
    private const int UploadsAtOnce = 8;
    private const int EvaluationsAtOnce = 50;
    private const int Records = 4;

    /// <param name="context">Where; it must be private, because nothing is taken away.</param>
    /// <param name="model">Evaluates them.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task FillAsync(BenchContext context, RegisteredModel model, CancellationToken cancellationToken)
    {
        var ids = new string[context.Pace.SeededDatasets];
        await Parallel.ForAsync(0, ids.Length, new ParallelOptions { MaxDegreeOfParallelism = UploadsAtOnce, CancellationToken = cancellationToken }, async (at, stop) =>
        {
            var content = BenchFiles.Csv(FormattableString.Invariant($"{context.RunId}l{at}"), 0, model.Labels, Records);
            var dataset = await context.Installation.PostAsync($"/api/datasets?name={BenchFiles.Name(context, FormattableString.Invariant($"listed-{at}"))}", content, "application/octet-stream", stop).ConfigureAwait(false);
            ids[at] = dataset.Text("id") ?? throw new ProblemException("target-unfit", "The installation registered a dataset and did not say under which id.", context.Installation.Root);
        }).ConfigureAwait(false);
        foreach (var some in ids.Chunk(EvaluationsAtOnce))
        {
            await EvaluationJobs.RunAsync(context, model, some, 1, [], cancellationToken).ConfigureAwait(false);
        }
    }
}
