using AiAssignments.Inference.Models;
using AiAssignments.Inference.Serving;

namespace AiAssignments.Benchmarks.Serving;

/// <summary>One model.</summary>
internal sealed class PackageSource(ModelPackage package) : IModelSource
{
    private readonly ModelKey key = new(package.Card.Name, package.Card.Version);

    public Task<IReadOnlyList<ModelKey>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ModelKey>>([key]);

    public Task<ModelKey?> ActiveAsync(string name, CancellationToken cancellationToken) => Task.FromResult<ModelKey?>(name == key.Name ? key : null);

    public Task<ModelPackage?> OpenAsync(ModelKey wanted, CancellationToken cancellationToken) => Task.FromResult<ModelPackage?>(wanted == key ? package : null);
}
