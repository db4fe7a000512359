using AiAssignments.Core.Telemetry;
using Microsoft.Azure.Cosmos;

namespace AiAssignments.Azure.Documents;

/// <summary>Sends requests: counts what each was charged, and tries again what the service asks to (449), which the SDK does in direct mode only.</summary>
/// <param name="time">Waits between tries.</param>
internal sealed class CosmosCalls(TimeProvider time)
{
    private const int MostTries = 6;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(10);

    /// <summary>Sends until the answer is another than 449, or for the sixth time: after 10, 20, 40, 80 and 160 ms.</summary>
    /// <param name="operation">Label of the charge.</param>
    /// <param name="where">Place in the message of a problem.</param>
    /// <param name="send">Makes and sends the request.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    public async Task<ResponseMessage> SendAsync(string operation, string where, Func<Task<ResponseMessage>> send, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var wait = FirstWait;
        for (var attempt = 1; ; attempt++)
        {
            var answer = await TryAsync(send, where).ConfigureAwait(false);
            Instruments.StoreRequestCharge.Add(answer.Headers.RequestCharge, new KeyValuePair<string, object?>("operation", operation));
            if (answer.StatusCode != CosmosProblems.RetryWith || attempt == MostTries)
            {
                return answer;
            }

            answer.Dispose();
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
            wait *= 2;
        }
    }

    private static async Task<ResponseMessage> TryAsync(Func<Task<ResponseMessage>> send, string where)
    {
        try
        {
            return await send().ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException && error.ToProblem(where) is { } problem)
        {
            throw problem;
        }
    }
}
