using AiAssignments.Pipeline.Access.Rates;

namespace AiAssignments.Pipeline.Access;

/// <summary>Who asks, once let in.</summary>
/// <param name="Id">Stable: <c>key:</c> and the key's id, <c>jwt:</c> and the subject, <c>local</c>, <c>anonymous</c>. Never the credential.</param>
/// <param name="Name">For logs and lists. Hostile: encode it.</param>
/// <param name="Scope">The most that is allowed.</param>
/// <param name="Limit">A rate of its own; <c>null</c>: the default one.</param>
public sealed record Caller(string Id, string Name, AccessScope Scope, RateLimit? Limit = null)
{
    /// <summary>Anyone on a server that listens on the loopback address only and asks for no key.</summary>
    public static Caller Local { get; } = new("local", "this machine", AccessScope.Admin);

    /// <summary>Whoever asks what needs no key.</summary>
    public static Caller Anonymous { get; } = new("anonymous", "anonymous", AccessScope.Anonymous);
}
