using AiAssignments.Inference.Scoring;

namespace AiAssignments.Pipeline.Models;

/// <summary>A borrowed scorer.</summary>
public sealed class ScorerLease : IDisposable
{
    private readonly Action giveBack;
    private int disposed;

    internal ScorerLease(IScorer scorer, Action giveBack)
    {
        Scorer = scorer;
        this.giveBack = giveBack;
    }

    /// <summary>The scorer; not to be disposed.</summary>
    public IScorer Scorer { get; }

    /// <summary>Gives it back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
        {
            giveBack();
        }
    }
}
