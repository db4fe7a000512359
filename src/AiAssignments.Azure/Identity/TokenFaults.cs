using Azure;
using Azure.Identity;
using Microsoft.Identity.Client;

namespace AiAssignments.Azure.Identity;

/// <summary>Tells a token that cannot be had from one that cannot be had just now, because the service that gives it does not answer or is asked too much.</summary>
internal static class TokenFaults
{
    /// <summary>Whether it can help to ask again.</summary>
    /// <param name="error">What asking for a token, or a request without one, ended in.</param>
    public static bool Passes(Exception? error) => error switch
    {
        null => false,
        RequestFailedException failed => failed.Status is 0 or 408 or 429 or >= 500,
        HttpRequestException or TimeoutException or IOException or OperationCanceledException => true,
        MsalException { IsRetryable: true } => true,

        // A chain of credentials: the last one was the last hope.
        AggregateException { InnerExceptions: [.., var last] } => Passes(last),

        // Not there on this machine, however that was found out: most of a chain's are not.
        CredentialUnavailableException { InnerException: AggregateException } => false,
        _ => Passes(error.InnerException),
    };
}
