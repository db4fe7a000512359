using AiAssignments.Core.Errors;

namespace AiAssignments.Pipeline.Access;

/// <summary>Wire names of <see cref="AccessScope"/>: <c>read</c>, <c>write</c>, <c>admin</c>.</summary>
public static class AccessScopes
{
    /// <summary>The wire name.</summary>
    /// <param name="scope">The scope.</param>
    public static string Name(this AccessScope scope) => scope switch
    {
        AccessScope.Anonymous => "anonymous",
        AccessScope.Read => "read",
        AccessScope.Write => "write",
        AccessScope.Admin => "admin",
        _ => throw new ArgumentOutOfRangeException(nameof(scope)),
    };

    /// <summary>The names of a scope and of those that it includes, least first; <c>anonymous</c> is none.</summary>
    /// <param name="scope">The scope.</param>
    public static IReadOnlyList<string> Including(AccessScope scope) =>
        [.. new[] { AccessScope.Read, AccessScope.Write, AccessScope.Admin }.Where(one => one <= scope).Select(Name)];

    /// <summary>Reads a wire name.</summary>
    /// <param name="name">For example <c>write</c>.</param>
    /// <exception cref="ProblemException"><c>scope-unknown</c>.</exception>
    public static AccessScope Parse(string? name) => name switch
    {
        "read" => AccessScope.Read,
        "write" => AccessScope.Write,
        "admin" => AccessScope.Admin,
        _ => throw new ProblemException("scope-unknown", $"'{(name is { Length: > 40 } ? name[..40] : name)}' is not a scope; use read, write or admin (each includes the ones before it)."),
    };

    /// <summary>The greatest of several names.</summary>
    /// <param name="names">One name or more.</param>
    /// <exception cref="ProblemException"><c>scope-unknown</c>; <c>scope-missing</c> when there is no name.</exception>
    public static AccessScope Greatest(IReadOnlyList<string> names) => names.Count > 0
        ? names.Max(Parse)
        : throw new ProblemException("scope-missing", "A key needs a scope: read, write or admin.");
}
