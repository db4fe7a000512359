using System.Net;

namespace AiAssignments.Pipeline.Access;

/// <summary>What a request says about who sends it. Never taken from the query string: URLs are logged and shared.</summary>
/// <param name="Authorization">The <c>Authorization</c> header; <c>null</c> or empty when absent.</param>
/// <param name="ApiKey">The <c>X-API-Key</c> header; <c>null</c> or empty when absent.</param>
/// <param name="Address">Where the connection comes from; <c>null</c> when it has none (a Unix socket).</param>
public readonly record struct Credentials(string? Authorization, string? ApiKey, IPAddress? Address)
{
    /// <summary>Never shows a secret.</summary>
    public override string ToString() => $"credentials from {Address}";
}
