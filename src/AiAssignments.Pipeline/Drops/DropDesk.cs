using System.Security.Cryptography;
using System.Text;
using AiAssignments.Core.Workflows;

namespace AiAssignments.Pipeline.Drops;

/// <summary>Where events tell of drops. They tell at least once, and nothing is taken in twice: the workflow's id is derived from what lies there.</summary>
/// <param name="workflows">The engine.</param>
/// <param name="drops">The containers.</param>
public sealed class DropDesk(IWorkflowClient workflows, IDropIntake drops)
{
    /// <summary>Begins to take in what arrived.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="name">Its name in the container. Hostile.</param>
    /// <param name="cancellationToken">Stops the call; what was begun goes on.</param>
    /// <returns>Id of the workflow; <c>null</c> when what arrived is gone again.</returns>
    public async Task<string?> ArrivedAsync(DropKind kind, string name, CancellationToken cancellationToken)
    {
        if (await drops.FindAsync(kind, name, cancellationToken).ConfigureAwait(false) is not { } etag)
        {
            return null;
        }

        var id = IdOf(kind, name, etag);
        await workflows.StartAsync<AcceptDrop, DropRequest, DropTaken>(id, new DropRequest(kind, name, etag), cancellationToken).ConfigureAwait(false);
        return id;
    }

    /// <summary>The id of a drop's workflow: a hash of what it is, its name and its ETag.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="etag">Its ETag.</param>
    public static string IdOf(DropKind kind, string name, string etag) =>
        $"drop-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\n{name}\n{etag}")))[..32]}";
}
