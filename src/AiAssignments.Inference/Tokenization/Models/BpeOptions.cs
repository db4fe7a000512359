namespace AiAssignments.Inference.Tokenization.Models;

/// <summary>How a byte-pair encoding treats what its merges do not say.</summary>
/// <param name="Unknown">Id for characters that are not in the vocabulary; -1 to leave them out.</param>
/// <param name="FuseUnknown">One token for a run of unknown characters.</param>
/// <param name="IgnoreMerges">A word that is in the vocabulary is one token whatever the merges say.</param>
internal readonly record struct BpeOptions(int Unknown, bool FuseUnknown, bool IgnoreMerges);
