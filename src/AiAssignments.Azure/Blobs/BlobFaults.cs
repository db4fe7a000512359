using System.Globalization;
using AiAssignments.Azure.Identity;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using Azure;
using Azure.Identity;
using Azure.Storage.Blobs.Models;

namespace AiAssignments.Azure.Blobs;

/// <summary>
/// The service's refusals as this project's: what a caller can mend is a <see cref="ProblemException"/>, what passes is a <see cref="StorageFaultException"/>,
/// after which workflows try again and callers of the gateway are told to. The client has tried several times by then.
/// </summary>
internal static class BlobFaults
{
    public static async Task<T> CallAsync<T>(string path, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception error) when (Translate(error, path, cancellationToken) is { } fault)
        {
            throw fault;
        }
    }

    /// <summary>As <see cref="CallAsync"/>, for the few calls that have to be synchronous.</summary>
    public static T Call<T>(string path, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception error) when (Translate(error, path, CancellationToken.None) is { } fault)
        {
            throw fault;
        }
    }

    /// <summary>Whether a blob, and not its container, is missing.</summary>
    public static bool IsMissing(RequestFailedException error) => error.Status == 404 && error.ErrorCode != BlobErrorCode.ContainerNotFound;

    /// <summary>What is to be thrown in place of an error; <c>null</c>: the error itself.</summary>
    public static Exception? Translate(Exception error, string path, CancellationToken cancellationToken) => error switch
    {
        RequestFailedException failed => Of(failed, path),
        AuthenticationFailedException passing when TokenFaults.Passes(passing) => new StorageFaultException("No token for the blob service could be had just now.", passing),
        AuthenticationFailedException denied => new ProblemException(new Problem("storage-denied", "No identity could be shown to the blob service: sign in with 'az login', or give the program an identity."), denied),
        AggregateException { InnerExceptions: [.., var last] } => Translate(last, path, cancellationToken) ?? OfLast(last, error, cancellationToken),
        OperationCanceledException when !cancellationToken.IsCancellationRequested => new StorageFaultException("The blob service did not answer in time.", error),
        _ => null,
    };

    // Several tries that failed, each its own way: what the last one says counts.
    private static Exception? OfLast(Exception last, Exception error, CancellationToken cancellationToken) => last switch
    {
        IOException or HttpRequestException => new StorageFaultException($"The blob service cannot be reached: {last.Message}", error),
        OperationCanceledException => new OperationCanceledException(last.Message, error, cancellationToken),
        _ => null,
    };

    private static Exception Of(RequestFailedException error, string path) => error.Status switch
    {
        404 when IsMissing(error) => new ProblemException(new Problem("blob-not-found", "There is no blob of this path.", path), error),
        404 => new ProblemException(new Problem("storage-missing", "The container is missing from the storage account; deploy again, or create it."), error),
        401 or 403 => new ProblemException(new Problem("storage-denied", $"The blob service refused the program's identity ({error.ErrorCode ?? "no code"}); it needs the role Storage Blob Data Contributor."), error),
        409 or 412 when IsConflict(error) => new ProblemException(new Problem("blob-conflict", "The blob is not, or no longer, what the condition says.", path), error),
        0 => new StorageFaultException($"The blob service cannot be reached: {error.Message}", error),
        408 or 429 or >= 500 => new StorageFaultException($"The blob service answered {error.Status} {error.ErrorCode} for {path}.", error) { RetryAfter = Wait(error) },
        _ => new IOException($"The blob service answered {error.Status} {error.ErrorCode} for {path}.", error),
    };

    // Seconds: the service gives no dates (learn.microsoft.com, "Blob Storage error codes").
    private static TimeSpan Wait(RequestFailedException error) =>
        error.GetRawResponse()?.Headers.TryGetValue("Retry-After", out var text) == true && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 3600
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.FromSeconds(1);

    private static bool IsConflict(RequestFailedException error) =>
        error.ErrorCode is null || error.ErrorCode == BlobErrorCode.ConditionNotMet || error.ErrorCode == BlobErrorCode.BlobAlreadyExists
        || error.ErrorCode == BlobErrorCode.LeaseIdMissing || error.ErrorCode == BlobErrorCode.LeaseIdMismatchWithBlobOperation || error.ErrorCode == BlobErrorCode.LeaseAlreadyPresent;
}
