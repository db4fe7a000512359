namespace AiAssignments.Inference.Serving.Versions;

/// <summary>A request's hold on a version: it stays loaded until the lease is given back.</summary>
internal readonly struct ModelLease(LoadedVersions versions, VersionSlot slot, ServedModel model) : IDisposable
{
    public ServedModel Model => model;

    public void Dispose() => versions.Return(slot, used: true);
}
