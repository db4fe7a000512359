namespace AiAssignments.Core.Jobs;

/// <summary>Takes progress to whoever watches. Best effort: a lost message is a late one, never an error.</summary>
public interface IProgressPublisher
{
    /// <summary>Publishes; returns at once.</summary>
    /// <param name="progress">How far a job has come.</param>
    void Publish(JobProgress progress);
}
