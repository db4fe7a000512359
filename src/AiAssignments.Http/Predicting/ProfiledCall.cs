using AiAssignments.Core.Errors;
using AiAssignments.Core.Telemetry.Memory;
using AiAssignments.Http.Access;
using AiAssignments.Http.Requests;
using AiAssignments.Pipeline.Access;

namespace AiAssignments.Http.Predicting;

/// <summary>Measures what one prediction does to the memory of this process. The process stands still for two full collections, so it is not for everybody, and one call at a time.</summary>
public static class ProfiledCall
{
    private static readonly SemaphoreSlim Turn = new(1, 1);

    /// <summary>Whether the query asks for it (<c>?profile=memory</c>), by whoever may.</summary>
    /// <param name="context">The request.</param>
    /// <exception cref="ProblemException"><c>option-out-of-range</c>.</exception>
    public static bool IsWished(HttpContext context) => IsWished(context.Query("profile"));

    /// <summary>Whether a caller's word asks for it: <c>memory</c>, or nothing.</summary>
    /// <param name="word">The word; <c>null</c>: there is none.</param>
    /// <exception cref="ProblemException"><c>option-out-of-range</c>.</exception>
    public static bool IsWished(string? word) => word switch
    {
        null => false,
        "memory" => true,
        _ => throw new ProblemException("option-out-of-range", "It must be memory.", "profile"),
    };

    /// <summary>Whether the query asks for it, and the caller may.</summary>
    /// <param name="context">The request.</param>
    /// <exception cref="ProblemException"><c>option-out-of-range</c>; <c>request-forbidden</c>: the caller may not.</exception>
    public static bool Asked(HttpContext context) => IsWished(context)
        && (context.Caller() is { Scope: >= AccessScope.Write } ? true : throw new ProblemException("request-forbidden", "A profile stops the whole server for a moment; it needs the scope write.", "profile"));

    /// <summary>Runs a call under measurement, when its turn comes.</summary>
    /// <typeparam name="T">What it answers.</typeparam>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Gives up the waiting.</param>
    public static async Task<(T Result, MemoryProfile Memory)> RunAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        await Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var scope = MemoryProfiler.Process.Begin("predict");
            var result = await call().ConfigureAwait(false);
            return (result, scope.Read());
        }
        finally
        {
            Turn.Release();
        }
    }
}
