namespace AiAssignments.Optimization.Pruning.Structured;

/// <summary>How the weights of a channel, row or head become one number, its importance.</summary>
public enum FilterNorm
{
    /// <summary>Sum of magnitudes (Li et al. 2017).</summary>
    L1,

    /// <summary>Root of the sum of squares.</summary>
    L2,
}
