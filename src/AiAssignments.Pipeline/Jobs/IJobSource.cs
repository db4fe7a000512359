namespace AiAssignments.Pipeline.Jobs;

/// <summary>Where jobs of some kinds are known: the workflow engine, the uploads.</summary>
public interface IJobSource
{
    /// <summary>All of them, newest first.</summary>
    /// <param name="cancellationToken">Stops the listing.</param>
    IAsyncEnumerable<JobResource> ListAsync(CancellationToken cancellationToken);

    /// <summary>One; <c>null</c> when it is not of this source.</summary>
    /// <param name="id">Its id. Hostile.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<JobResource?> FindAsync(string id, CancellationToken cancellationToken);
}
