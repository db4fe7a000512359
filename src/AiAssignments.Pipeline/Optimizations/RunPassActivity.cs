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
        using var folder = work.Take(request.OptimizationId, input.Attempt);
        var result = await pass.RunAsync(package, target, folder.Path, new PassReports(progress, request.OptimizationId, request.Title), cancellationToken).ConfigureAwait(false);
        var candidate = await models.RegisterCandidateAsync(folder.Path, cancellationToken).ConfigureAwait(false);
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
            result.Facts,
            [.. result.Notes, .. Warnings(request)],
            result.Learning);
    }

    private static IEnumerable<string> Warnings(OptimizationRequest request)
    {
        if (request.Pass.OwnDatasetId == request.GateDatasetId)
        {
            yield return "The pass looked at inputs of the gate dataset itself (not at its labels), which may flatter the result a little; calibrate on other records where there are any.";
        }
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
