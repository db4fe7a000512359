namespace AiAssignments.Bench.Running;

/// <summary>Is told how a bench goes. Called by one thread at a time.</summary>
public interface IBenchObserver
{
    /// <summary>Something begins.</summary>
    /// <param name="progress">What, and how far everything is.</param>
    void OnStep(BenchProgress progress);
}

/// <summary>How far a bench is.</summary>
/// <param name="Step">What is measured now.</param>
/// <param name="Round">Round, 1-based; 0: before the first.</param>
/// <param name="Rounds">Rounds that are planned.</param>
/// <param name="Done">Steps that are over.</param>
/// <param name="Steps">Steps that are planned.</param>
public sealed record BenchProgress(string Step, int Round, int Rounds, int Done, int Steps);
