using AiAssignments.Core.Errors;
using AiAssignments.Inference.Models;
using AiAssignments.Pipeline.Models;

namespace AiAssignments.Pipeline.Uploads.Models;

/// <summary>Takes uploaded models in: unpacked into a folder of the moment, checked and registered as any other model is.</summary>
/// <param name="models">The models.</param>
/// <param name="folder">Where the folders of the moment lie; its content belongs to this alone.</param>
/// <param name="limits">How far an upload may go.</param>
/// <param name="time">The clock.</param>
public sealed class ModelIntake(ModelRegistry models, string folder, ModelUploadLimits limits, TimeProvider time) : IDisposable
{
    private const string NoName = "upload-without-name";

    // Two uploads of one version would write the same files.
    private readonly SemaphoreSlim registering = new(1, 1);

    /// <summary>The limits.</summary>
    public ModelUploadLimits Limits => limits;

    /// <summary>Begins an upload.</summary>
    public ModelParcel Begin() => new(Path.Combine(folder, Guid.NewGuid().ToString("N")), limits);

    /// <summary>Registers what was uploaded. Its name goes on standing for the version that it stands for, if it stands for one.</summary>
    /// <param name="parcel">The files; disposed by the caller.</param>
    /// <param name="overrides">What the user says. Without a name there or in the files, a zip of one folder gives the folder's.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The version, and whether it is new: the same content under the same name is registered once.</returns>
    /// <exception cref="ProblemException">The model is refused; <c>model-name-missing</c>; <c>model-version-exists</c>.</exception>
    public async Task<(ModelVersion Version, bool IsNew)> RegisterAsync(ModelParcel parcel, ModelOverrides overrides, CancellationToken cancellationToken)
    {
        var path = parcel.ModelFolder();
        if (overrides.Name is null && path == parcel.Files && CardName(path) is NoName)
        {
            throw new ProblemException("model-name-missing", "Nothing says the model's name: give it with ?name=, in model-card.json, or by zipping its folder.");
        }

        await registering.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var began = time.GetUtcNow();
            var version = await models.RegisterAsync(path, overrides, activate: false, cancellationToken).ConfigureAwait(false);
            return (version, version.RegisteredAt >= began);
        }
        catch (ProblemException refused)
        {
            throw new ProblemException(Inside(refused.Problem, path), refused);
        }
        finally
        {
            registering.Release();
        }
    }

    /// <summary>Removes what a stop left behind. Call at the start, before the first upload.</summary>
    public void Sweep()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <inheritdoc />
    public void Dispose() => registering.Dispose();

    private static string CardName(string path)
    {
        var card = Path.Combine(path, ModelCardJson.FileName);
        return File.Exists(card) ? ModelCardJson.Read(card, NoName, "0").Name : NoName;
    }

    // The caller knows the files by their names in the upload; where they lie on this machine is nobody's business.
    private static Problem Inside(Problem problem, string path) => problem with
    {
        Message = problem.Message.Replace(path, string.Empty, StringComparison.Ordinal),
        Where = problem.Where?.Replace(path, string.Empty, StringComparison.Ordinal).TrimStart('/', '\\') is { Length: > 0 } where ? where : null,
    };
}
