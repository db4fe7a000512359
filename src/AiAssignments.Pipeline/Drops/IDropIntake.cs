using AiAssignments.Core.Errors;

namespace AiAssignments.Pipeline.Drops;

/// <summary>The containers that datasets and models are dropped into.</summary>
public interface IDropIntake
{
    /// <summary>The ETag of what lies there; <c>null</c> when it is gone.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="name">Its name. Hostile.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<string?> FindAsync(DropKind kind, string name, CancellationToken cancellationToken);

    /// <summary>Takes it in, and starts what follows from it. Idempotent.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="name">Its name. Hostile.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ProblemException">It is refused.</exception>
    Task<DropTaken> TakeInAsync(DropKind kind, string name, CancellationToken cancellationToken);
}
