using AiAssignments.Core.Errors;

namespace AiAssignments.Http.Access;

/// <summary>
/// The time that an answer may take to begin. When it is over, <see cref="HttpContext.RequestAborted"/> is cancelled, as if the caller had gone; this tells one from the other.
/// Disposed asynchronously, which waits for the timer: it must not see a response that serves another request by then.
/// </summary>
internal sealed class AnswerDeadline : IAsyncDisposable
{
    private readonly HttpResponse response;
    private readonly CancellationToken aborted;
    private readonly CancellationTokenSource clock;
    private readonly Timer timer;
    private readonly TimeSpan time;

    public AnswerDeadline(HttpContext context, TimeSpan time)
    {
        this.time = time;
        response = context.Response;
        aborted = context.RequestAborted;
        clock = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        timer = new Timer(static deadline => ((AnswerDeadline)deadline!).End(), this, time, Timeout.InfiniteTimeSpan);
        context.RequestAborted = clock.Token;
        context.Features.Set(this);
    }

    /// <summary>The problem when the time is over and the caller is still there; the token is the caller's again then, so that the problem can be written.</summary>
    public ProblemException? Take(HttpContext context)
    {
        if (!clock.IsCancellationRequested || aborted.IsCancellationRequested || response.HasStarted)
        {
            return null;
        }

        context.RequestAborted = aborted;
        return new ProblemException("deadline-exceeded", FormattableString.Invariant($"The answer took longer than {time.TotalSeconds} s."));
    }

    public async ValueTask DisposeAsync()
    {
        await timer.DisposeAsync().ConfigureAwait(false);
        clock.Dispose();
    }

    private void End()
    {
        // An answer that has begun is a download, which ends when it is read; one who reads too slowly is cut by the web server.
        if (!response.HasStarted)
        {
            clock.Cancel();
        }
    }
}
