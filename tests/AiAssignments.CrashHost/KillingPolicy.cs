using Azure.Core;
using Azure.Core.Pipeline;

namespace AiAssignments.CrashHost;

/// <summary>Ends the process before the appointed request to the storage service is sent, or after its answer has come.</summary>
internal sealed class KillingPolicy(KillingStream.Counter counter, bool before) : HttpPipelinePolicy
{
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var fatal = Ask();
        ProcessNext(message, pipeline);
        Die(fatal);
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var fatal = Ask();
        await ProcessNextAsync(message, pipeline);
        Die(fatal);
    }

    private bool Ask()
    {
        var fatal = counter.IsFatal();
        Die(fatal && before);
        return fatal;
    }

    private static void Die(bool fatal)
    {
        if (fatal)
        {
            KillAt.Die();
        }
    }
}
