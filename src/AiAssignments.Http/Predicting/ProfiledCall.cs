using AiAssignments.Core.Errors;
using AiAssignments.Core.Telemetry.Memory;
using AiAssignments.Http.Access;
using AiAssignments.Http.Requests;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Predictions;

namespace AiAssignments.Http.Predicting;

/// <summary>Measures what one prediction does to the memory of this process. The process stands still for two full collections, so it is not for everybody, and one call at a time.</summary>
internal static class ProfiledCall
{
    private static readonly SemaphoreSlim Turn = new(1, 1);

    /// <summary>Whether the query asks for it.</summary>
    /// <exception cref="ProblemException"><c>option-out-of-range</c>; <c>request-forbidden</c>: the caller may not.</exception>
    public static bool Asked(HttpContext context)
    {
        switch (context.Query("profile"))
        {
            case null:
                return false;
            case "memory":
                return context.Caller() is { Scope: >= AccessScope.Write }
                    ? true
                    : throw new ProblemException("request-forbidden", "A profile stops the whole server for a moment; it needs the scope write.", "profile");
            default:
                throw new ProblemException("option-out-of-range", "It must be memory.", "profile");
        }
    }

    public static async Task<PredictionResult> RunAsync(Func<Task<PredictionResult>> call, CancellationToken cancellationToken)
    {
        await Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var scope = MemoryProfiler.Process.Begin("predict");
            var result = await call().ConfigureAwait(false);
            return result with { Memory = scope.Read() };
        }
        finally
        {
            Turn.Release();
        }
    }
}
