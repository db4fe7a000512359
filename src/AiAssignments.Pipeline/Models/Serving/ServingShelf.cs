using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using AiAssignments.Core.Storage;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Housekeeping;

namespace AiAssignments.Pipeline.Models.Serving;

/// <summary>
/// The blobs that inference servers have their models from, as <c>NAME/NUMBER/…</c> with the blob <c>.complete</c> written last: what is registered, may be served and is heavy is brought
/// there, and goes when it is deleted. The number is of the moment of registration, in microseconds since 1970: whole as the servers' folders ask for, higher for the newer, and never that of
/// another content. What others put there, under numbers below 10^15, is left alone.
/// </summary>
/// <param name="shelf">Where the servers have their models from.</param>
/// <param name="blobs">Where versions' files lie.</param>
/// <param name="models">The registered versions.</param>
/// <param name="leastBytes">Versions of this size and more are brought there.</param>
/// <param name="time">The clock.</param>
public sealed class ServingShelf(IBlobStore shelf, IBlobStore blobs, ModelRegistry models, long leastBytes, TimeProvider time)
{
    /// <summary>Name of the blob that says that a version is complete.</summary>
    public const string Complete = ".complete";

    private const int MostKnown = 10_000;
    private const long LeastNumber = 1_000_000_000_000_000;
    private static readonly TimeSpan Grace = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<ModelKey, ModelKey?> known = new();

    /// <summary>What a version is called on the servers; <c>null</c>: it is served here only.</summary>
    /// <param name="version">The version.</param>
    public ModelKey? KeyOf(ModelVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        return version.IsServed && version.SizeBytes >= leastBytes
            ? new ModelKey(version.Card.Name, ((version.RegisteredAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture))
            : null;
    }

    /// <summary>As <see cref="KeyOf"/>, of a version by its key; looked up once.</summary>
    /// <param name="key">The version's key. Hostile.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<ModelKey?> FindAsync(ModelKey key, CancellationToken cancellationToken)
    {
        if (known.TryGetValue(key, out var found))
        {
            return found;
        }

        if (await models.FindAsync(key.ToString(), cancellationToken).ConfigureAwait(false) is not { IsServed: true } version)
        {
            return null;
        }

        if (known.Count >= MostKnown)
        {
            known.Clear();
        }

        return known[key] = KeyOf(version);
    }

    /// <summary>Looks again what a version is called: it may have been deleted, and registered with other content.</summary>
    /// <param name="key">The version's key.</param>
    public void Forget(ModelKey key) => known.TryRemove(key, out _);

    /// <summary>Brings one version there if it is registered and heavy, else removes it.</summary>
    /// <param name="version">The version.</param>
    /// <param name="cancellationToken">Stops it; the next <see cref="BringAsync"/> goes on.</param>
    public async Task FollowAsync(ModelVersion version, CancellationToken cancellationToken)
    {
        if (KeyOf(version) is not { } key)
        {
            return;
        }

        var folder = Folder(key);
        if (await models.FindAsync(version.Reference, cancellationToken).ConfigureAwait(false) is { } registered && KeyOf(registered) == key)
        {
            if (await shelf.FindAsync(folder + Complete, cancellationToken).ConfigureAwait(false) is null)
            {
                await CopyAsync(registered, folder, cancellationToken).ConfigureAwait(false);
            }

            return;
        }

        await RemoveAsync(folder, await shelf.ListAsync(folder, cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Brings what is missing there, and removes what is registered no more. Runs beside itself in any number of processes.</summary>
    /// <param name="cancellationToken">Stops it; what was brought is there, and the next one goes on.</param>
    /// <returns>How many versions were brought and removed.</returns>
    /// <exception cref="AggregateException">Some could not be brought or removed; the others were.</exception>
    public async Task<(int Brought, int Removed)> BringAsync(CancellationToken cancellationToken)
    {
        // Listed before the living are asked for: what is registered in between is brought by the next one, and nothing of it is removed.
        var there = await shelf.ListAsync(string.Empty, cancellationToken).Where(blob => FolderOf(blob.Path) is not null).GroupBy(blob => FolderOf(blob.Path)!)
            .ToDictionaryAsync(group => group.Key, group => group.ToList(), StringComparer.Ordinal, cancellationToken).ConfigureAwait(false);
        var wanted = (await models.ListAsync(cancellationToken).ConfigureAwait(false)).Where(version => KeyOf(version) is not null)
            .ToDictionary(version => Folder(KeyOf(version)!.Value), StringComparer.Ordinal);
        var (brought, removed) = (0, 0);
        var attempts = new Attempts();
        foreach (var (folder, version) in wanted)
        {
            if (!there.TryGetValue(folder, out var files) || !files.Exists(file => file.Path == folder + Complete))
            {
                brought += await attempts.TryAsync(() => CopyAsync(version, folder, cancellationToken), cancellationToken).ConfigureAwait(false) ? 1 : 0;
            }
        }

        foreach (var (folder, files) in there.Where(each => !wanted.ContainsKey(each.Key)))
        {
            // Young and incomplete, it may be on its way by another process that knows of a registration that was not there yet.
            var complete = files.Exists(file => file.Path == folder + Complete);
            if (complete || files.TrueForAll(file => file.LastModified < time.GetUtcNow() - Grace))
            {
                removed += await attempts.TryAsync(() => RemoveAsync(folder, files, cancellationToken), cancellationToken).ConfigureAwait(false) ? 1 : 0;
            }
        }

        attempts.ThrowIfAnyFailed("bringing a model to the inference servers");
        return (brought, removed);
    }

    private static string Folder(ModelKey key) => $"{key.Name}/{key.Version}/";

    // Only those with a number of ours.
    private static string? FolderOf(string path) =>
        path.Split('/') is [{ Length: > 0 } name, { Length: 16 } version, _, ..] && long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= LeastNumber
            ? $"{name}/{version}/"
            : null;

    private async Task CopyAsync(ModelVersion version, string folder, CancellationToken cancellationToken)
    {
        foreach (var name in version.Files.Append(ModelCardJson.FileName).Distinct(StringComparer.Ordinal))
        {
            var source = await blobs.OpenReadAsync(version.BlobPrefix + name, 0, null, cancellationToken).ConfigureAwait(false);
            await using (source.ConfigureAwait(false))
            {
                await shelf.WriteAsync(folder + name, (target, token) => source.CopyToAsync(target, token), cancellationToken).ConfigureAwait(false);
            }
        }

        await shelf.WriteAsync(folder + Complete, (target, token) => target.WriteAsync(Encoding.UTF8.GetBytes(version.Reference), token).AsTask(), cancellationToken).ConfigureAwait(false);
    }

    // The mark first: whoever copies the folder takes none that is half gone.
    private async Task RemoveAsync(string folder, List<BlobFacts> files, CancellationToken cancellationToken)
    {
        foreach (var file in files.OrderByDescending(file => file.Path == folder + Complete))
        {
            await shelf.DeleteAsync(file.Path, cancellationToken).ConfigureAwait(false);
        }
    }
}
