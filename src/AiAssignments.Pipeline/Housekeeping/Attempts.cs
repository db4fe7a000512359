using System.Runtime.ExceptionServices;

namespace AiAssignments.Pipeline.Housekeeping;

/// <summary>Many things of which each may fail: the others are done all the same, and what failed is told at the end. For one caller at a time.</summary>
public sealed class Attempts
{
    // Where everything fails, the first ones say why.
    private const int MostKept = 20;

    private readonly List<Exception> failures = [];
    private int failed;

    /// <summary>Does one.</summary>
    /// <param name="what">What to do.</param>
    /// <param name="cancellationToken">When it is cancelled, that passes through, and nothing more is to be done.</param>
    /// <returns>Whether it was done.</returns>
    public async Task<bool> TryAsync(Func<Task> what, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(what);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            await what().ConfigureAwait(false);
            return true;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            failed++;
            if (failures.Count < MostKept)
            {
                failures.Add(failure);
            }

            return false;
        }
    }

    /// <summary>Throws what failed; does nothing when nothing did.</summary>
    /// <param name="what">What was tried, for the message: <c>bringing models to the inference servers</c>.</param>
    /// <exception cref="AggregateException">Several failed: the first of them.</exception>
    public void ThrowIfAnyFailed(string what)
    {
        if (failures is [var only])
        {
            ExceptionDispatchInfo.Throw(only);
        }

        if (failures.Count > 0)
        {
            throw new AggregateException($"{failed} times, {what} failed.", failures);
        }
    }
}
