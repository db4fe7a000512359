namespace AiAssignments.Inference.Tokenization.PostProcessing;

/// <summary>Which text of a pair gives way.</summary>
internal enum TruncationStrategy
{
    LongestFirst,
    OnlyFirst,
    OnlySecond,
}
