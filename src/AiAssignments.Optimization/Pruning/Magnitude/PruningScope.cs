namespace AiAssignments.Optimization.Pruning.Magnitude;

/// <summary>Among which weights the smallest are chosen.</summary>
public enum PruningScope
{
    /// <summary>All prunable weights together, so that layers of small weights lose more.</summary>
    Global,

    /// <summary>Each weight tensor for itself: every layer loses the same share.</summary>
    PerLayer,
}
