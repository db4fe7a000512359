using AiAssignments.Inference.Serving.Batching;

namespace AiAssignments.Inference.Serving.Graphs;

/// <summary>Runs a batch of each class of shapes: what is allocated, planned or compiled for a shape is then done before anybody waits.</summary>
internal sealed class WarmUp(IWarmable runner, RowKind kind)
{
    public void Run()
    {
        foreach (var length in runner.Lengths)
        {
            // A lone row, and the fullest batch of this length.
            var most = Math.Clamp(kind.MostTokens / length, 1, kind.MostRows);
            runner.Fill(most, length);
            if (most > 1)
            {
                runner.Fill(1, length);
            }
        }
    }

    public void Shrink() => runner.Shrink();
}
