namespace AiAssignments.LoadTesting;

/// <summary>Is told how a load test goes.</summary>
public interface ILoadObserver
{
    /// <summary>About once a second, by one thread.</summary>
    /// <param name="progress">How far it is.</param>
    void OnProgress(LoadProgress progress);
}
