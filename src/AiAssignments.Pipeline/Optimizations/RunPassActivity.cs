using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Jobs;
using AiAssignments.Core.Models;
using AiAssignments.Core.Workflows;
using AiAssignments.Inference.Models;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Optimizations.Passes;

namespace AiAssignments.Pipeline.Optimizations;

/// <summary>Makes a candidate: runs the pass in a folder of its own, and registers the version under a name derived from what was asked, unserved.</summary>
/// <param name="models">The models.</param>
/// <param name="files">Brings a version's files to this machine.</param>
/// <param name="passes">Makes the pass that is asked for.</param>
/// <param name="work">Where passes work.</param>
/// <param name="progress">Told how far it is.</param>
public sealed class RunPassActivity(ModelRegistry models, ModelFiles files, ModelPasses passes, PassFolders work, IProgressPublisher progress)
    : IActivity<RunPassInput, Candidate>
{
    private const int MostOfOneName = 99;

    /// <inheritdoc />
    public async Task<Candidate> RunAsync(RunPassInput input, CancellationToken cancellationToken)
    {
        var request = input.Request;
        var source = await models.GetAsync(request.Model, cancellationToken).ConfigureAwait(false);
        if (source.ContentHash != request.ModelHash)
        {
            throw new ProblemException("model-version-exists", $"{source.Reference} was deleted and registered anew with other content while it was optimized; ask for the optimization again.");
        }

        var package = ModelFolder.Open(await files.FolderOfAsync(source, cancellationToken).ConfigureAwait(false), null);
        var pass = passes.Create(request, package, input.LeftAlone);
        var options = input.LeftAlone.Count == 0 ? request.Pass.Describe() : $"{request.Pass.Describe()} left-in-float={string.Join('|', input.LeftAlone)}";
        var target = new PassTarget(VersionOf(source.Card.Version, pass.Name, request.OptimizationId, input.Attempt), source.Reference, options, request.GateDatasetHash);
        var overlap = await passes.OverlapAsync(request, source.Card.Task, cancellationToken).ConfigureAwait(false);
        RefuseLearned(request, overlap);
        using var folder = work.Take(request.OptimizationId, input.Attempt);
        var result = await pass.RunAsync(package, target, folder.Path, new PassReports(progress, request.OptimizationId, request.Title), cancellationToken).ConfigureAwait(false);
        var candidate = await RegisterAsync(folder.Path, target.Version, cancellationToken).ConfigureAwait(false);
        if (candidate.Card.Task != source.Card.Task)
        {
            throw new ProblemException("task-mismatch", $"The pass made a model for {candidate.Card.Task.Name()} of one for {source.Card.Task.Name()}.");
        }

        return new Candidate(
            candidate.Reference,
            pass.Name,
            input.LeftAlone,
            request.Pass is QuantizeSpec { Auto: true },
            request.EvaluationOf(candidate.Reference, candidate.ContentHash),
            overlap is null ? result.Facts : [.. result.Facts, new("gate-records-seen", overlap.Shared.ToString(CultureInfo.InvariantCulture), "records")],
            [.. result.Notes, .. Notes(request, overlap)],
            result.Learning);
    }

    // A version of this name stays when its optimization is deleted. Asked for again, the pass may make other bytes: by another release, on another processor.
    private async Task<ModelVersion> RegisterAsync(string folder, string version, CancellationToken cancellationToken)
    {
        for (var again = 2; ; again++)
        {
            try
            {
                return await models.RegisterCandidateAsync(folder, cancellationToken).ConfigureAwait(false);
            }
            catch (ProblemException taken) when (taken.Problem.Code == "model-version-exists" && again <= MostOfOneName)
            {
                var path = Path.Combine(folder, ModelCardJson.FileName);
                var card = ModelCardJson.Read(path) with { Version = string.Create(CultureInfo.InvariantCulture, $"{version}-{again}") };
                await File.WriteAllTextAsync(path, ModelCardJson.Write(card), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static void RefuseLearned(OptimizationRequest request, RecordOverlap? overlap)
    {
        if (request.Pass is DistillSpec && overlap is { Gate: > 0 } && overlap.Shared == overlap.Gate)
        {
            throw new ProblemException(
                "distill-gate-dataset", "Every record of the gate dataset stands in the training dataset, too: a student may not learn from what it is then judged on. Give another one.");
        }
    }

    private static IEnumerable<string> Notes(OptimizationRequest request, RecordOverlap? overlap)
    {
        if (overlap is null)
        {
            yield break;
        }

        var (from, what) = request.Pass is DistillSpec
            ? ("the training records", "the student has learned them, which flatters the result. Take them out of one of the two to trust it.")
            : ("those that calibrated", "the pass has seen these inputs (not their labels), which may flatter the result a little. Calibrate on other records where there are any.");
        yield return overlap.Shared == 0
            ? string.Create(CultureInfo.InvariantCulture, $"None of the {overlap.Gate:N0} gate records is among {from}.{(overlap.IsExact ? string.Empty : " A part of them was looked for.")}")
            : string.Create(CultureInfo.InvariantCulture, $"Warning: {(overlap.IsExact ? string.Empty : "about ")}{overlap.Shared:N0} of the {overlap.Gate:N0} gate records are among {from}, too: {what}");
    }

    // Derived from the id, so that running it again makes the same version; short enough for a version of a version.
    private static string VersionOf(string source, string pass, string id, int attempt)
    {
        var kind = pass[(pass.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(' ', ',', ';')[0];
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{id}/{attempt}"))))[..8];
        var safe = string.Concat(kind.Where(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '.'));
        return $"{source[..Math.Min(source.Length, 24)]}-{safe[..Math.Min(safe.Length, 24)]}-{hash}";
    }
}

/// <summary>Input of <see cref="RunPassActivity"/>.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Attempt">From 1.</param>
/// <param name="LeftAlone">Nodes to leave in float.</param>
public sealed record RunPassInput(OptimizationRequest Request, int Attempt, IReadOnlyList<string> LeftAlone);
