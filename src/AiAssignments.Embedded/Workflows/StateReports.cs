using System.Threading.Channels;
using AiAssignments.Core.Workflows;
using AiAssignments.Embedded.Workflows.Journal;

namespace AiAssignments.Embedded.Workflows;

/// <summary>Tells observers of state changes in order and off the journal's thread, so that a slow one holds nobody up.</summary>
internal sealed class StateReports : IAsyncDisposable
{
    private readonly Channel<Func<WorkflowState>> queue = Channel.CreateUnbounded<Func<WorkflowState>>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task loop;

    public StateReports(Action<WorkflowState> tell) => loop = Task.Run(async () =>
    {
        await foreach (var state in queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                tell(state());
            }
            catch (Exception exception)
            {
                // An observer's fault is not the workflow's.
                System.Diagnostics.Debug.WriteLine(exception);
            }
        }
    });

    public void Add(InstanceRecord instance) => queue.Writer.TryWrite(instance.ToState);

    public void Add(WorkflowState state) => queue.Writer.TryWrite(() => state);

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await loop.ConfigureAwait(false);
    }
}
