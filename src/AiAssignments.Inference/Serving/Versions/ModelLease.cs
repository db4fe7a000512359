namespace AiAssignments.Inference.Serving.Versions;

/// <summary>A request's hold on a version: it stays loaded until the lease is given back.</summary>
internal readonly struct ModelLease(VersionTable table, VersionSlot slot, ServedModel model) : IDisposable
{
    public ServedModel Model => model;

    public void Dispose() => table.Return(slot);
}
