using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Embedded.Folders;

namespace AiAssignments.Embedded;

/// <summary>
/// The folder that holds everything of one installation, owned by one process at a time. The lock is the operating system's (flock(2), or an exclusive open on Windows),
/// so it is let go when the process ends, however it ends.
/// </summary>
public sealed class DataFolder : IDisposable
{
    private const int LayoutVersion = 1;
    private readonly FileStream held;

    private DataFolder(string root, FileStream held)
    {
        Root = root;
        this.held = held;
    }

    /// <summary>Absolute path of the folder.</summary>
    public string Root { get; }

    /// <summary>Folder of the blob store: the data folder itself, so that <c>reports/</c>, <c>models/</c> and <c>staged/</c> lie where a person looks for them.</summary>
    public string Blobs => Root;

    /// <summary>The document database.</summary>
    public string DocumentsFile => Path.Combine(Root, "documents.db");

    /// <summary>The workflow journal.</summary>
    public string JournalFile => Path.Combine(Root, "workflows.db");

    /// <summary>Where datasets are dropped.</summary>
    public string Datasets => Path.Combine(Root, "datasets");

    /// <summary>Where copies of model files go when the blob store is elsewhere.</summary>
    public string Cache => Path.Combine(Root, "cache");

    /// <summary>Opens a data folder, makes it when there is none, and locks it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="time">The clock; the system's when <c>null</c>.</param>
    /// <exception cref="ProblemException"><c>data-folder-in-use</c> when another process (or another instance in this one) has it, naming its pid; <c>data-folder-version</c> when a newer version wrote it; <c>data-folder-unusable</c> when it cannot be written to.</exception>
    public static DataFolder Open(string path, TimeProvider? time = null)
    {
        var root = Path.GetFullPath(path);
        var held = Hold(root);
        try
        {
            WriteOwner(root, time ?? TimeProvider.System);
            CheckLayout(root);
            var folder = new DataFolder(root, held);
            DurableFolder.Create(folder.Datasets);

            return folder;
        }
        catch (Exception exception)
        {
            held.Dispose();
            throw exception is IOException or UnauthorizedAccessException ? Unusable(root, exception) : exception;
        }
    }

    /// <summary>Lets the folder go.</summary>
    public void Dispose() => held.Dispose();

    private static FileStream Hold(string root)
    {
        try
        {
            DurableFolder.Create(root);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable(root, exception);
        }

        var file = Path.Combine(root, ".lock");
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw Unusable(root, exception);
        }
        catch (IOException exception)
        {
            throw File.Exists(file) && !DiskErrors.IsFull(exception) ? InUse(root) : Unusable(root, exception);
        }
    }

    // The lock file itself cannot be read while it is held on every system, so the owner writes beside it. The lock is the truth, this is the courtesy.
    private static void WriteOwner(string root, TimeProvider time)
    {
        var owner = new FolderOwner(Environment.ProcessId, time.GetUtcNow(), Process.GetCurrentProcess().ProcessName);
        File.WriteAllText(Path.Combine(root, ".owner"), JsonSerializer.Serialize(owner, StoredJson.Options));
    }

    private static void CheckLayout(string root)
    {
        var file = Path.Combine(root, ".layout");
        if (!File.Exists(file))
        {
            File.WriteAllText(file, LayoutVersion.ToString(CultureInfo.InvariantCulture));
            return;
        }

        var found = File.ReadAllText(file).Trim();
        if (found != LayoutVersion.ToString(CultureInfo.InvariantCulture))
        {
            throw new ProblemException("data-folder-version", $"The data folder has layout '{(found.Length > 20 ? found[..20] : found)}' and this program knows {LayoutVersion}; use the version that made it, or another folder.", root);
        }
    }

    private static ProblemException InUse(string root)
    {
        FolderOwner? owner = null;
        try
        {
            owner = JsonSerializer.Deserialize<FolderOwner>(File.ReadAllText(Path.Combine(root, ".owner")), StoredJson.Options);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            // The owner has the lock and has not written yet.
        }

        var who = owner is null
            ? "another process"
            : string.Create(CultureInfo.InvariantCulture, $"process {owner.Pid} ({owner.Program}, started {owner.StartedAt:yyyy-MM-dd HH:mm:ss} UTC)");
        return new ProblemException("data-folder-in-use", $"The data folder is in use by {who}; stop it, or use another folder.", root);
    }

    private static ProblemException Unusable(string root, Exception exception) =>
        new(new Problem("data-folder-unusable", $"The data folder cannot be used: {exception.Message}", root), exception);

    private sealed record FolderOwner(int Pid, DateTimeOffset StartedAt, string Program);
}
