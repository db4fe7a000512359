using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using AiAssignments.Inference.Models;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Uploads;
using AiAssignments.Pipeline.Uploads.Models;

namespace AiAssignments.Pipeline.Drops;

/// <summary>
/// Takes in what was dropped as a blob: a dataset, or a model. What was taken in before is recognized by its bytes, so an event that comes twice does nothing twice.
/// </summary>
/// <param name="datasets">Takes datasets in.</param>
/// <param name="models">Takes models in.</param>
/// <param name="uploads">How large a dataset may be; the defaults when <c>null</c>.</param>
public sealed class BlobDrops(DatasetDrop datasets, ModelIntake models, UploadOptions? uploads = null)
{
    private readonly long mostBytes = (uploads ?? new UploadOptions()).MaxBytes;

    /// <summary>Takes a dataset in and starts its evaluations.</summary>
    /// <param name="container">Where it was dropped.</param>
    /// <param name="name">Its name there. Hostile; what stands before the last slash is left off from what is shown.</param>
    /// <param name="cancellationToken">Stops it; what was started goes on.</param>
    /// <exception cref="ProblemException">The dataset is refused; <c>request-too-large</c>; <c>blob-not-found</c>: it was removed meanwhile.</exception>
    public async Task<DropOutcome> AcceptDatasetAsync(IBlobStore container, string name, CancellationToken cancellationToken)
    {
        var facts = await FindAsync(container, name, cancellationToken).ConfigureAwait(false);
        var shown = Shown(name, "dataset");
        if (facts.Length > mostBytes)
        {
            throw new ProblemException("request-too-large", $"A dataset may have {mostBytes} bytes.", shown);
        }

        return await datasets.AcceptAsync(new BlobDataSource(container, facts, shown), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Registers a model: a zip of its folder, or a single <c>.onnx</c> file that says what it is. One that says no name has the file's.</summary>
    /// <param name="container">Where it was dropped.</param>
    /// <param name="name">Its name there. Hostile.</param>
    /// <param name="cancellationToken">Stops it; nothing is registered then.</param>
    /// <returns>The version, and whether it is new.</returns>
    /// <exception cref="ProblemException">The model is refused; <c>model-drop-unknown</c>: it is neither; <c>request-too-large</c>; <c>blob-not-found</c>.</exception>
    public async Task<(ModelVersion Version, bool IsNew)> AcceptModelAsync(IBlobStore container, string name, CancellationToken cancellationToken)
    {
        var file = Shown(name, "model");
        var kind = Path.GetExtension(file).ToLowerInvariant();
        if (kind is not (".zip" or ".onnx"))
        {
            throw new ProblemException("model-drop-unknown", "A dropped model is one blob: a .zip of its folder, or an .onnx file.", file);
        }

        var facts = await FindAsync(container, name, cancellationToken).ConfigureAwait(false);
        if (facts.Length > models.Limits.MaxBytes)
        {
            throw new ProblemException("request-too-large", $"A model may have {models.Limits.MaxBytes} bytes.", file);
        }

        using var parcel = models.Begin();
        var content = await container.OpenReadAsync(facts.Path, 0, null, cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            await (kind == ".zip" ? parcel.AddZipAsync(content, cancellationToken) : parcel.AddFileAsync("model.onnx", content, cancellationToken)).ConfigureAwait(false);
        }

        try
        {
            return await models.RegisterAsync(parcel, new ModelOverrides(), cancellationToken).ConfigureAwait(false);
        }
        catch (ProblemException nameless) when (nameless.Problem.Code == "model-name-missing")
        {
            return await models.RegisterAsync(parcel, new ModelOverrides { Name = Path.GetFileNameWithoutExtension(file) }, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<BlobFacts> FindAsync(IBlobStore container, string name, CancellationToken cancellationToken) =>
        await container.FindAsync(name, cancellationToken).ConfigureAwait(false)
        ?? throw new ProblemException("blob-not-found", "It was removed before it could be taken in.", name);

    private static string Shown(string name, string otherwise)
    {
        var last = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        var shown = new string([.. last.Where(c => !char.IsControl(c))]).Trim();
        return shown.Length switch
        {
            0 => otherwise,
            > 255 => shown[^255..],
            _ => shown,
        };
    }
}
