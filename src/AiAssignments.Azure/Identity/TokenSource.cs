using Azure.Core;

namespace AiAssignments.Azure.Identity;

/// <summary>Tokens of Entra ID for one scope: asked for once for all who wait, and kept until five minutes before their end.</summary>
/// <param name="credential">Who asks.</param>
/// <param name="scope">For what, for example <c>https://webpubsub.azure.com/.default</c>.</param>
/// <param name="time">The clock.</param>
public sealed class TokenSource(TokenCredential credential, string scope, TimeProvider time)
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);
    private readonly Lock gate = new();
    private Task<AccessToken>? asked;

    /// <summary>A token that is good for some minutes at least, unless the issuer's are shorter.</summary>
    /// <param name="cancellationToken">Stops the waiting; others may wait for the same.</param>
    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        Task<AccessToken> task;
        lock (gate)
        {
            if (asked is null || asked.IsFaulted || asked.IsCanceled || (asked.IsCompletedSuccessfully && IsOld(asked.Result)))
            {
                asked = Task.Run(() => credential.GetTokenAsync(new TokenRequestContext([scope]), CancellationToken.None).AsTask(), CancellationToken.None);
            }

            task = asked;
        }

        return (await task.WaitAsync(cancellationToken).ConfigureAwait(false)).Token;
    }

    /// <summary>Forgets a token that was refused, so that the next call asks anew.</summary>
    /// <param name="token">The token.</param>
    public void Refused(string token)
    {
        lock (gate)
        {
            if (asked is { IsCompletedSuccessfully: true } known && known.Result.Token == token)
            {
                asked = null;
            }
        }
    }

    private bool IsOld(AccessToken token) => time.GetUtcNow() >= token.ExpiresOn - Margin;
}
