using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using AiAssignments.Http.Access;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Access.Keys;
using AiAssignments.Pipeline.Access.Tokens;

namespace AiAssignments.InferenceServer.Hosting;

/// <summary>
/// Callers show the key of <c>AIA_ADMIN_KEY</c> or a JWT. This server has no store, so there are no other keys; what changes what it serves is the administrator's,
/// health is anyone's, the rest needs the scope read.
/// </summary>
internal sealed class CredentialAccess : IServerAccess, IDisposable
{
    private const string Rpc = "/inference.GRPCInferenceService/";
    private readonly JwtVerifier? tokens;
    private readonly AccessControl control;

    /// <exception cref="ProblemException"><c>admin-key-missing</c>.</exception>
    public CredentialAccess(AccessOptions options, TimeProvider time)
    {
        if (options is { Keys: true, AdminKeyHash: null, Jwt: null })
        {
            throw new ProblemException("admin-key-missing", "API keys are asked for and there is none; set AIA_ADMIN_KEY.");
        }

        tokens = options.Jwt is { } jwt ? new JwtVerifier(jwt, time) : null;
        control = new AccessControl(new AccessGate(options, new ApiKeys(new NoDocuments(), time), tokens, time));
    }

    public bool Asks => true;

    public void Use(WebApplication app) => app.Use(async (context, next) =>
    {
        // A memory profile stops the whole server for a moment.
        var profiles = context.Request.Query.ContainsKey("profile");
        var scope = ScopeOf(context.Request.Path);
        await control.CheckAsync(context, profiles && scope < AccessScope.Write ? AccessScope.Write : scope, context.RequestAborted).ConfigureAwait(false);
        await next(context).ConfigureAwait(false);
    });

    public void Dispose() => tokens?.Dispose();

    /// <summary>What a path asks of its caller.</summary>
    internal static AccessScope ScopeOf(PathString path)
    {
        if (path.StartsWithSegments("/v2/health", StringComparison.Ordinal) || path.StartsWithSegments("/grpc.health.v1.Health", StringComparison.Ordinal)
            || Calls(path, "ServerLive") || Calls(path, "ServerReady"))
        {
            return AccessScope.Anonymous;
        }

        var changes = path.StartsWithSegments("/v2/repository/models", StringComparison.OrdinalIgnoreCase)
            || path.StartsWithSegments("/v2/memory", StringComparison.OrdinalIgnoreCase)
            || Calls(path, "RepositoryModelLoad") || Calls(path, "RepositoryModelUnload");
        return changes ? AccessScope.Admin : AccessScope.Read;
    }

    // Routing takes a path with a slash at its end, and in any case, for the same.
    private static bool Calls(PathString path, string method) => path.StartsWithSegments(Rpc + method, StringComparison.OrdinalIgnoreCase);

    /// <summary>No store: no key is found, and none can be made.</summary>
    private sealed class NoDocuments : IDocumentStore
    {
        public Task<Document<T>?> FindAsync<T>(string container, string partition, string id, CancellationToken cancellationToken) => Task.FromResult<Document<T>?>(null);

        public Task<Document<T>> PutAsync<T>(string container, string partition, string id, T value, string? ifMatch, CancellationToken cancellationToken) =>
            throw new ProblemException("storage-absent", "The inference server keeps nothing.");

        public Task<bool> DeleteAsync(string container, string partition, string id, CancellationToken cancellationToken) => Task.FromResult(false);

        public Task<int> DeleteManyAsync(string container, string partition, IReadOnlyCollection<string> ids, CancellationToken cancellationToken) => Task.FromResult(0);

        public Task<DocumentPage<T>> QueryAsync<T>(string container, string partition, DocumentQuery query, CancellationToken cancellationToken) =>
            Task.FromResult(new DocumentPage<T>([], null));
    }
}
