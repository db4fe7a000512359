using System.Threading.Channels;

namespace AiAssignments.Embedded.Live;

/// <summary>Runs small pieces of work one after the other in the order they came, so that groups and last states need no locks and a client never sees an older state after a newer one.</summary>
internal sealed class HubDispatcher : IAsyncDisposable
{
    private readonly Channel<Action> work = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task running;

    public HubDispatcher() => running = Task.Run(RunAsync);

    /// <summary>Runs it later; nothing when the dispatcher has ended.</summary>
    public void Post(Action action) => work.Writer.TryWrite(action);

    /// <summary>Runs it and gives its result; <c>default</c> when the dispatcher has ended.</summary>
    public Task<T?> AskAsync<T>(Func<T> function)
    {
        var answer = new TaskCompletionSource<T?>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!work.Writer.TryWrite(() => Answer(function, answer)))
        {
            answer.SetResult(default);
        }

        return answer.Task;
    }

    public async ValueTask DisposeAsync()
    {
        work.Writer.TryComplete();
        await running.ConfigureAwait(false);
    }

    private static void Answer<T>(Func<T> function, TaskCompletionSource<T?> answer)
    {
        try
        {
            answer.SetResult(function());
        }
        catch (Exception error)
        {
            answer.SetException(error);
        }
    }

    private async Task RunAsync()
    {
        await foreach (var action in work.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                action();
            }
            catch (Exception)
            {
                // Progress is best effort: what one message does wrong must not end those of all others. Whoever asks for an answer is given the exception.
            }
        }
    }
}
