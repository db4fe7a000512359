using AiAssignments.Inference.Models;

namespace AiAssignments.Inference.Serving;

/// <summary>Where a server finds the models it serves.</summary>
public interface IModelSource
{
    /// <summary>All versions that could be loaded.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<IReadOnlyList<ModelKey>> ListAsync(CancellationToken cancellationToken);

    /// <summary>The version that a name stands for when none is said; <c>null</c> when there is no such model.</summary>
    /// <param name="name">Model name. Hostile.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<ModelKey?> ActiveAsync(string name, CancellationToken cancellationToken);

    /// <summary>Opens a version's files on this machine; <c>null</c> when there is no such version.</summary>
    /// <param name="key">The version. Hostile.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="Core.Errors.ProblemException">Its files are refused, with the reason; <c>model-version-not-accepted</c>: it is there, but not to be served.</exception>
    Task<ModelPackage?> OpenAsync(ModelKey key, CancellationToken cancellationToken);
}
