using AiAssignments.LoadTesting.Requests;
using AiAssignments.LoadTesting.Transports;

namespace AiAssignments.Tests.LoadTesting;

/// <summary>A server without a wire: it answers a request when its script says so.</summary>
internal sealed class ScriptedTransport(Func<LoadRequest, Task<LoadReply>> answer) : ILoadTransport
{
    public int Channels { get; private set; }

    public int Aborted { get; private set; }

    public ILoadChannel CreateChannel()
    {
        Channels++;
        return new Channel(this);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Channel(ScriptedTransport transport) : ILoadChannel
    {
        private TaskCompletionSource<LoadReply> aborted = new();

        private Task<LoadReply> Answer(LoadRequest request) => transport.Answered(request);

        public ValueTask<string?> ConnectAsync() => ValueTask.FromResult<string?>(null);

        public async ValueTask<LoadReply> ExchangeAsync(LoadRequest request)
        {
            aborted = new TaskCompletionSource<LoadReply>();
            return await await Task.WhenAny(Answer(request), aborted.Task);
        }

        public void Abort()
        {
            transport.Aborted++;
            aborted.TrySetResult(new LoadReply(FailureKind.Reset, 0, 0, 0, "ended"));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private Task<LoadReply> Answered(LoadRequest request) => answer(request);
}
