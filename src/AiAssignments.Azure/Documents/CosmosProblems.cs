using System.Globalization;
using System.Net;
using AiAssignments.Azure.Identity;
using AiAssignments.Core.Errors;
using Azure;
using Azure.Identity;
using Microsoft.Azure.Cosmos;

namespace AiAssignments.Azure.Documents;

/// <summary>What Cosmos DB's status codes (learn.microsoft.com/rest/api/cosmos-db/http-status-codes-for-cosmosdb) mean to the one who runs the program. Messages of the server are kept for logs only.</summary>
internal static class CosmosProblems
{
    private const int PartitionFull = 1014;
    private const int ContainerUnknown = 1003;
    private const int SessionNotAvailable = 1002;

    /// <summary>Whether a 404 says that the document is not there. It may also say that the container is not, or that the replica lags behind the session.</summary>
    public static bool IsAbsent(this ResponseMessage answer) => IsAbsent(answer.StatusCode, answer.Headers);

    /// <summary>Whether a document of a batch is not there. The batch has the status of the first operation that failed.</summary>
    public static bool IsAbsent(this TransactionalBatchResponse answer) => IsAbsent(answer.StatusCode, answer.Headers);

    public static ProblemException ToProblem(this ResponseMessage answer, string where) => Make((int)answer.StatusCode, SubStatus(answer.Headers), RetryAfter(answer.Headers), where, Cause(answer));

    public static ProblemException ToProblem(this TransactionalBatchResponse answer, string where) => Make(
        (int)answer.StatusCode,
        SubStatus(answer.Headers),
        RetryAfter(answer.Headers) ?? answer.Max(static operation => operation.RetryAfter),
        where,
        new CosmosException(answer.ErrorMessage, answer.StatusCode, SubStatus(answer.Headers), answer.ActivityId, answer.RequestCharge));

    /// <summary>The problem behind a failure of the client; <c>null</c> when it is none of Cosmos DB's.</summary>
    public static ProblemException? ToProblem(this Exception error, string where) => error switch
    {
        CosmosException failed => Make((int)failed.StatusCode, failed.SubStatusCode, failed.RetryAfter, where, failed),
        HttpRequestException or TimeoutException or IOException => Busy("Cosmos DB cannot be reached.", null, where, error),
        AuthenticationFailedException or RequestFailedException when TokenFaults.Passes(error) => Busy("No token of Entra ID can be had just now.", null, where, error),
        AuthenticationFailedException or RequestFailedException => Forbidden("No token of Entra ID could be had", where, error),
        _ => null,
    };

    private static bool IsAbsent(HttpStatusCode status, Headers headers) => status == HttpStatusCode.NotFound && SubStatus(headers) is not (SessionNotAvailable or ContainerUnknown);

    private static ProblemException Make(int status, int sub, TimeSpan? wait, string where, Exception? cause) => (status, sub) switch
    {
        (429, _) => Busy("Cosmos DB is asked for more request units than it may give.", wait, where, cause),
        (449, _) => Busy("The document is being changed by others all the time.", wait, where, cause),
        (403, PartitionFull) => new ProblemException(new Problem("storage-full", "The logical partition has reached its 20 GB: delete documents, or give the kind further partition keys.", where), cause),
        (401 or 403, _) => Forbidden("Cosmos DB refused the identity", where, cause),
        (404, ContainerUnknown) or (404, 0) => new ProblemException(new Problem("storage-unavailable", "There is no such database or container in Cosmos DB; the infrastructure (infra/modules/cosmos.bicep) makes them.", where), cause),
        (408 or 410 or 404 or 500 or 502 or 503 or 504, _) => Busy("Cosmos DB does not answer just now.", wait, where, cause),
        (413, _) => new ProblemException(new Problem("document-invalid", $"The document is larger than Cosmos DB takes, {StoredDocument.MostBytes} bytes.", where), cause),
        _ => new ProblemException(new Problem("storage-failed", string.Create(CultureInfo.InvariantCulture, $"Cosmos DB answered {status}/{sub}."), where), cause),
    };

    private static ProblemException Busy(string what, TimeSpan? wait, string where, Exception? cause) =>
        new(new Problem("storage-busy", what + " It passes: try again.", where), cause) { RetryAfter = wait > TimeSpan.Zero ? wait : TimeSpan.FromSeconds(1) };

    private static ProblemException Forbidden(string what, string where, Exception? cause) => new(
        new Problem("storage-forbidden", what + "; it needs the role 'Cosmos DB Built-in Data Contributor' on the database (infra/modules/rbac.bicep), and a network that the account lets in.", where), cause);

    private static int SubStatus(Headers headers) => int.TryParse(headers["x-ms-substatus"], NumberStyles.None, CultureInfo.InvariantCulture, out var sub) ? sub : 0;

    private static TimeSpan? RetryAfter(Headers headers) =>
        double.TryParse(headers["x-ms-retry-after-ms"], NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds is >= 0 and < 3_600_000
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;

    private static CosmosException? Cause(ResponseMessage answer)
    {
        try
        {
            answer.EnsureSuccessStatusCode();
            return null;
        }
        catch (CosmosException failed)
        {
            return failed;
        }
    }
}
