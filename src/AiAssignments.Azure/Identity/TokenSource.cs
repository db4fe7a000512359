using Azure.Core;

namespace AiAssignments.Azure.Identity;

/// <summary>Tokens of Entra ID for one scope: asked for once for all who wait, and kept until five minutes before their end; to the end where no other can be had.</summary>
/// <param name="credential">Who asks.</param>
/// <param name="scope">For what, for example <c>https://webpubsub.azure.com/.default</c>.</param>
/// <param name="time">The clock.</param>
public sealed class TokenSource(TokenCredential credential, string scope, TimeProvider time)
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);
    private readonly Lock gate = new();
    private Task<AccessToken>? asked;
    private AccessToken? old;

    /// <summary>A token that is good for some minutes at least, unless the issuer's are shorter, or it gives none just now.</summary>
    /// <param name="cancellationToken">Stops the waiting; others may wait for the same.</param>
    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        Task<AccessToken> task;
        lock (gate)
        {
            if (asked is { IsCompletedSuccessfully: true } && IsOld(asked.Result))
            {
                old = asked.Result;
                asked = null;
            }

            if (asked is null || asked.IsFaulted || asked.IsCanceled)
            {
                asked = Task.Run(() => credential.GetTokenAsync(new TokenRequestContext([scope]), CancellationToken.None).AsTask(), CancellationToken.None);
            }

            task = asked;
        }

        try
        {
            return (await task.WaitAsync(cancellationToken).ConfigureAwait(false)).Token;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (StillGood() is { } token)
            {
                return token;
            }

            throw;
        }
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

            if (old?.Token == token)
            {
                old = null;
            }
        }
    }

    private string? StillGood()
    {
        lock (gate)
        {
            return old is { } known && time.GetUtcNow() < known.ExpiresOn ? known.Token : null;
        }
    }

    private bool IsOld(AccessToken token) => time.GetUtcNow() >= token.ExpiresOn - Margin;
}
