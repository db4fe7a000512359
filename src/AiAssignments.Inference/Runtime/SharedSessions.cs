using AiAssignments.Inference.Models;

namespace AiAssignments.Inference.Runtime;

/// <summary>The sessions of this process: a model that is evaluated and served with the same settings is in memory once. Sessions run side by side; only the last to let go disposes one.</summary>
internal static class SharedSessions
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<Key, Entry> Entries = [];

    /// <summary>Opens a session, or shares the one that is open.</summary>
    /// <exception cref="Core.Errors.ProblemException">As <see cref="InferenceSessionFactory.Open(string, RuntimeOptions)"/>.</exception>
    public static SharedSession Rent(ModelPackage package, RuntimeOptions runtime)
    {
        // The log is no setting of the session.
        var key = new Key(package.OnnxPath, package.ContentHash, runtime with { Log = null });
        Entry entry;
        lock (Gate)
        {
            if (!Entries.TryGetValue(key, out entry!))
            {
                Entries[key] = entry = new(new(() => InferenceSessionFactory.Open(package.OnnxPath, runtime)));
            }

            entry.Users++;
        }

        try
        {
            return new(entry.Session.Value, () => Return(key, entry));
        }
        catch
        {
            Return(key, entry);
            throw;
        }
    }

    private static void Return(Key key, Entry entry)
    {
        lock (Gate)
        {
            if (--entry.Users > 0)
            {
                return;
            }

            Entries.Remove(key);
        }

        // A session that could not be opened has nothing to dispose.
        if (entry.Session.IsValueCreated)
        {
            entry.Session.Value.Dispose();
        }
    }

    private sealed record Key(string Path, string ContentHash, RuntimeOptions Runtime);

    private sealed class Entry(Lazy<LoadedSession> session)
    {
        public Lazy<LoadedSession> Session => session;

        public int Users { get; set; }
    }
}
