using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using AiAssignments.Evaluation.Reports;
using AiAssignments.Evaluation.Results;
using AiAssignments.Pipeline.Evaluations;
using AiAssignments.Pipeline.Gateway;
using AiAssignments.Pipeline.Jobs;

namespace AiAssignments.Pipeline.Comparisons;

/// <summary>Where comparisons are asked for, listed and deleted. They go with their evaluations.</summary>
/// <param name="evaluations">The evaluations.</param>
/// <param name="blobs">Where reports lie.</param>
/// <param name="documents">Where facts lie.</param>
/// <param name="time">The clock.</param>
public sealed class ComparisonDesk(EvaluationDesk evaluations, IBlobStore blobs, IDocumentStore documents, TimeProvider time) : IAsyncDisposable
{
    // Each reads two files of predictions and resamples, which may take longer than a request.
    private readonly SharedWork<(ComparisonRecord Comparison, bool Made)> work = new(most: 100);

    /// <summary>Names that a list may be sorted by.</summary>
    public static IReadOnlyList<string> Sorts { get; } = ["createdAt"];

    /// <summary>Compares two finished evaluations. Asking twice is one comparison.</summary>
    /// <param name="a">Id of the baseline.</param>
    /// <param name="b">Id of the other.</param>
    /// <param name="cancellationToken">Stops the waiting: the comparison goes on, and who asks again finds it made.</param>
    /// <returns>The comparison, and whether this call made it.</returns>
    /// <exception cref="ProblemException"><c>evaluation-not-found</c>; <c>evaluation-unfinished-conflict</c>; <c>comparison-datasets-differ</c>; <c>comparison-same</c>; <c>queue-full</c>; <c>engine-stopped</c>.</exception>
    public async Task<(ComparisonRecord Comparison, bool Made)> CompareAsync(string a, string b, CancellationToken cancellationToken)
    {
        var left = await FinishedAsync(a, cancellationToken).ConfigureAwait(false);
        var right = await FinishedAsync(b, cancellationToken).ConfigureAwait(false);
        if (left.EvaluationId == right.EvaluationId)
        {
            throw new ProblemException("comparison-same", "A and B are the same evaluation; give two.");
        }

        var id = ComparisonFiles.IdOf(left.EvaluationId, right.EvaluationId);
        var ((comparison, made), began) = await work.RunAsync(
            id,
            async token => await FindAsync(id, token).ConfigureAwait(false) is { } known ? (known, false) : (await MakeAsync(id, left, right, token).ConfigureAwait(false), true),
            cancellationToken).ConfigureAwait(false);
        return (comparison, made && began);
    }

    /// <summary>A page of comparisons.</summary>
    /// <param name="request">Which page; its sort is one of <see cref="Sorts"/>.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public Task<Page<ComparisonRecord>> PageAsync(PageRequest request, CancellationToken cancellationToken) =>
        documents.PageAsync<ComparisonRecord>(Containers.Comparisons, request.Sort, request, cancellationToken);

    /// <summary>One comparison; <c>null</c> when there is none.</summary>
    /// <param name="id">Its id. Hostile.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<ComparisonRecord?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await documents.FindAsync<ComparisonRecord>(Containers.Comparisons, Containers.Partition, id, cancellationToken).ConfigureAwait(false))?.Value;

    /// <summary>Deletes a comparison with its report; <c>false</c> when there was none.</summary>
    /// <param name="id">Its id. Hostile.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken).ConfigureAwait(false) is { } known && await ComparisonFiles.DeleteAsync(blobs, documents, known, cancellationToken).ConfigureAwait(false);

    /// <summary>Stops comparing.</summary>
    public ValueTask DisposeAsync() => work.DisposeAsync();

    private async Task<EvaluationOutcome> FinishedAsync(string id, CancellationToken cancellationToken)
    {
        var job = await evaluations.FindAsync(id, cancellationToken).ConfigureAwait(false)
            ?? throw new ProblemException("evaluation-not-found", "No evaluation has this id.", id.Length <= 100 ? id : id[..100] + "...");
        return job.Outcome ?? throw new ProblemException("evaluation-unfinished-conflict", $"The evaluation is {job.Status.ToString().ToLowerInvariant()}; only completed ones can be compared.", job.Id);
    }

    private async Task<ComparisonRecord> MakeAsync(string id, EvaluationOutcome a, EvaluationOutcome b, CancellationToken cancellationToken)
    {
        var comparison = await Comparer.CompareAsync(EvaluatedSide.OfBlobs(blobs, a.ReportFolder), EvaluatedSide.OfBlobs(blobs, b.ReportFolder), cancellationToken).ConfigureAwait(false);
        var result = comparison.Result;
        var folder = ComparisonFiles.Folder(id, a.EvaluationId, b.EvaluationId);
        await blobs.WriteAsync(folder + ComparisonFiles.Html, (stream, token) => ComparisonHtmlReport.WriteAsync(result, stream, token), cancellationToken).ConfigureAwait(false);
        await blobs.WriteAsync(folder + ComparisonFiles.Markdown, (stream, token) => MarkdownReport.WriteAsync(result, stream, token), cancellationToken).ConfigureAwait(false);
        await blobs.WriteAsync(folder + ComparisonFiles.Json, (stream, token) => JsonReport.WriteAsync(result, stream, token), cancellationToken).ConfigureAwait(false);
        var record = Record(id, a, b, result, folder);
        await documents.PutAsync(Containers.Comparisons, Containers.Partition, id, record, null, cancellationToken).ConfigureAwait(false);

        // A side that was deleted meanwhile has taken its comparisons with it, but not this one.
        foreach (var side in new[] { a.EvaluationId, b.EvaluationId })
        {
            if (await evaluations.FindAsync(side, cancellationToken).ConfigureAwait(false) is null)
            {
                await ComparisonFiles.DeleteAsync(blobs, documents, record, cancellationToken).ConfigureAwait(false);
                throw new ProblemException("evaluation-not-found", "The evaluation was deleted while it was compared.", side);
            }
        }

        return record;
    }

    private ComparisonRecord Record(string id, EvaluationOutcome a, EvaluationOutcome b, ComparisonResult result, string folder) => new(
        id,
        a.EvaluationId,
        b.EvaluationId,
        a.Model,
        b.Model,
        a.Dataset,
        time.GetUtcNow(),
        result.Verdict,
        result.Paired,
        result.BothRight,
        result.OnlyA,
        result.OnlyB,
        result.BothWrong,
        result.Differences,
        result.Notes,
        folder);
}
