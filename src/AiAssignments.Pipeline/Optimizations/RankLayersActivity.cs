using AiAssignments.Core.Jobs;
using AiAssignments.Core.Workflows;
using AiAssignments.Inference.Models;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Optimizations.Passes;

namespace AiAssignments.Pipeline.Optimizations;

/// <summary>Orders a model's layers by how much quantizing each of them changes the outputs on calibration records.</summary>
/// <param name="models">The models.</param>
/// <param name="files">Brings a version's files to this machine.</param>
/// <param name="passes">Knows the pass.</param>
/// <param name="work">Where layers are tried.</param>
/// <param name="progress">Told how far it is.</param>
public sealed class RankLayersActivity(ModelRegistry models, ModelFiles files, ModelPasses passes, PassFolders work, IProgressPublisher progress) : IActivity<OptimizationRequest, SensitiveLayers>
{
    /// <inheritdoc />
    public async Task<SensitiveLayers> RunAsync(OptimizationRequest input, CancellationToken cancellationToken)
    {
        var source = await models.GetAsync(input.Model, cancellationToken).ConfigureAwait(false);
        var package = ModelFolder.Open(await files.FolderOfAsync(source, cancellationToken).ConfigureAwait(false), null);
        using var folder = work.Take(input.OptimizationId, 0);
        var told = new PassReports(progress, input.OptimizationId, input.Title);
        return new SensitiveLayers(await passes.RankAsync(input, package, folder.Path, told, cancellationToken).ConfigureAwait(false));
    }
}
