namespace AiAssignments.Pipeline.Housekeeping;

/// <summary>What a sweep removed: blobs, by what they were left over from.</summary>
/// <param name="Work">Shards' results of evaluations that are over or gone.</param>
/// <param name="Staged">Staged bytes that no dataset refers to.</param>
/// <param name="Inspections">Findings in datasets that are gone.</param>
/// <param name="Models">Files of versions that are not registered.</param>
public sealed record SweptOrphans(int Work, int Staged, int Inspections, int Models)
{
    /// <summary>All of them.</summary>
    public int All => Work + Staged + Inspections + Models;
}
