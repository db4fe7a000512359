using AiAssignments.Core.Telemetry;
using Microsoft.Azure.Cosmos;

namespace AiAssignments.Azure.Documents;

/// <summary>Sends requests, and counts what each was charged, those that fail too.</summary>
internal static class CosmosCalls
{
    /// <summary>Sends one.</summary>
    /// <param name="operation">Label of the charge.</param>
    /// <param name="where">Place in the message of a problem.</param>
    /// <param name="send">Makes and sends the request.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public static Task<ResponseMessage> SendAsync(string operation, string where, Func<Task<ResponseMessage>> send, CancellationToken cancellationToken) =>
        SendAsync(operation, where, send, static answer => answer.Headers, cancellationToken);

    /// <summary>Sends one whose answer is of another type.</summary>
    /// <typeparam name="T">The answer.</typeparam>
    /// <param name="operation">Label of the charge.</param>
    /// <param name="where">Place in the message of a problem.</param>
    /// <param name="send">Makes and sends the request.</param>
    /// <param name="headers">The answer's headers.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public static async Task<T> SendAsync<T>(string operation, string where, Func<Task<T>> send, Func<T, Headers> headers, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var answer = await send().ConfigureAwait(false);
            Instruments.StoreRequestCharge.Add(headers(answer).RequestCharge, new KeyValuePair<string, object?>("operation", operation));
            return answer;
        }
        catch (Exception error) when (error is not OperationCanceledException && error.ToProblem(where) is not null)
        {
            throw error.ToProblem(where)!;
        }
    }
}
