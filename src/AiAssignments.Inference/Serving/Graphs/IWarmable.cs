using AiAssignments.Inference.Serving.Batching;

namespace AiAssignments.Inference.Serving.Graphs;

/// <summary>A runner that can be run on rows nobody asked for.</summary>
internal interface IWarmable : IBatchRunner
{
    /// <summary>Ids of a row: from the shortest to the longest, each class of lengths once; 1 alone where rows are all alike.</summary>
    IEnumerable<int> Lengths { get; }

    /// <summary>Runs a batch of filler.</summary>
    void Fill(int rows, int length);

    /// <summary>Runs the smallest batch and gives the arena's free memory back.</summary>
    void Shrink();
}
