namespace AiAssignments.Inference.Serving;

/// <summary>What a trim gave back.</summary>
/// <param name="ModelsUnloaded">Idle versions that were unloaded.</param>
/// <param name="ResidentBefore">The process's resident memory before, bytes.</param>
/// <param name="ResidentAfter">And after.</param>
/// <param name="ManagedBefore">The managed heap before, bytes.</param>
/// <param name="ManagedAfter">And after.</param>
public sealed record MemoryFreed(IReadOnlyList<ModelKey> ModelsUnloaded, long ResidentBefore, long ResidentAfter, long ManagedBefore, long ManagedAfter);
