namespace AiAssignments.Bench.Running;

/// <summary>Is told how a bench goes. Called by one thread at a time.</summary>
public interface IBenchObserver
{
    /// <summary>Something begins.</summary>
    /// <param name="progress">What, and how far everything is.</param>
    void OnStep(BenchProgress progress);
}
