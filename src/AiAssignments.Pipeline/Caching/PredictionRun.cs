using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Predictions;

namespace AiAssignments.Pipeline.Caching;

/// <summary>The inputs that one request found neither kept nor under way, sent to the model in one call, for itself and for whoever joins. It stops only when nobody waits any more.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The source has no timer and no handle: there is nothing to release, and nobody who knows when the last joiner has looked at it.")]
internal sealed class PredictionRun(PredictionOptions options)
{
    private readonly TaskCompletionSource completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource abandoned = new();
    private readonly Lock gate = new();
    private int waiters = 1;

    /// <summary>The inputs and what became of them. Added to by the owner before <see cref="Completed"/> is awaited by anyone but joiners.</summary>
    public List<PendingInput> Inputs { get; } = [];

    /// <summary>What the owner wants of each.</summary>
    public PredictionOptions Options => options;

    /// <summary>Inputs that went to the model: those that no level had.</summary>
    public IReadOnlyList<PendingInput> Sent { get; set; } = [];

    /// <summary>Cancelled when nobody waits any more.</summary>
    public CancellationToken Abandoned => abandoned.Token;

    /// <summary>The version that answered.</summary>
    public ModelKey Model { get; private set; }

    /// <summary>Where the time went.</summary>
    public ServeTiming Timing { get; private set; }

    /// <summary>Why there are no answers; <c>null</c> when there are.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Ends, never faulted, when all inputs have their answers or the run failed.</summary>
    public Task Completed => completed.Task;

    /// <summary>One more who waits; <c>false</c> when the run has been given up.</summary>
    public bool TryJoin()
    {
        lock (gate)
        {
            if (waiters == 0)
            {
                return false;
            }

            waiters++;
            return true;
        }
    }

    /// <summary>One less who waits; the last one stops the run.</summary>
    public void Leave()
    {
        lock (gate)
        {
            if (--waiters > 0)
            {
                return;
            }
        }

        if (!completed.Task.IsCompleted)
        {
            abandoned.Cancel();
        }
    }

    public void Succeed(ModelKey model, ServeTiming timing)
    {
        Model = model;
        Timing = timing;
        completed.TrySetResult();
    }

    public void Fail(Exception failure)
    {
        Failure = failure;
        completed.TrySetResult();
    }

    /// <summary>Throws the failure, for one of several who waited.</summary>
    [DoesNotReturn]
    public void ThrowFailure()
    {
        if (Failure is ProblemException problem)
        {
            // Each has an exception of its own: stack traces would grow into each other.
            throw new ProblemException(problem.Problem, problem) { RetryAfter = problem.RetryAfter };
        }

        ExceptionDispatchInfo.Throw(Failure!);
    }
}

/// <summary>One input of a run.</summary>
/// <param name="run">The run.</param>
/// <param name="key">Key of its answer.</param>
/// <param name="input">The input.</param>
internal sealed class PendingInput(PredictionRun run, string key, PredictionInput input)
{
    public PredictionRun Run => run;

    public string Key => key;

    public PredictionInput Input => input;

    /// <summary>Its answer, once there is one.</summary>
    public PredictionAnswer? Answer { get; set; }

    /// <summary>Whether the answer came from a cache.</summary>
    public bool Cached { get; set; }
}
