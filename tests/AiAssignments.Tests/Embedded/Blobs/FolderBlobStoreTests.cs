using System.Text;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using AiAssignments.Embedded.Blobs;
using AiAssignments.Tests.Embedded.Contracts;
using AiAssignments.Tests.Support;
using FsCheck.Xunit;

namespace AiAssignments.Tests.Embedded.Blobs;

public sealed class FolderBlobStoreTests : BlobStoreContract, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FolderBlobStore store;

    public FolderBlobStoreTests() => store = new FolderBlobStore(folder.Path);

    protected override IBlobStore Store => store;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Opening_sweeps_what_a_crash_left()
    {
        await WriteAsync("a", "x");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, ".tmp", "0123"), "half");

        var reopened = new FolderBlobStore(folder.Path);

        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(folder.Path, ".tmp")));
        Assert.NotNull(await reopened.FindAsync("a", default));
    }

    [Fact]
    public async Task Names_longer_than_the_file_system_takes_are_kept_whole()
    {
        var path = string.Join('/', Enumerable.Range(0, 5).Select(i => new string((char)('à' + i), 100)));
        await WriteAsync(path, "long");
        await WriteAsync(path + "x", "longer");

        Assert.Equal([path, path + "x"], await ListAsync(string.Empty));
        Assert.Equal("long", await ReadAsync(path));
        Assert.True(await store.DeleteAsync(path, default));
        Assert.Equal([path + "x"], await ListAsync(string.Empty));
        Assert.Equal("blob-path-invalid", (await Assert.ThrowsAsync<ProblemException>(() => WriteAsync(new string('a', 1025), "x"))).Problem.Code);
        Assert.Equal("blob-path-invalid", (await Assert.ThrowsAsync<ProblemException>(() => WriteAsync(new string('漢', 1000), "x"))).Problem.Code);
    }

    [Fact]
    public async Task Links_are_neither_read_nor_written_through_nor_listed()
    {
        using var outside = new TemporaryFolder();
        await File.WriteAllTextAsync(outside.File("secret"), "secret");
        File.CreateSymbolicLink(Path.Combine(folder.Path, "file+"), outside.File("secret"));
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "dir"), outside.Path);

        Assert.Null(await store.FindAsync("file", default));
        Assert.Null(await store.FindAsync("dir/secret", default));
        Assert.Equal("blob-path-linked", (await Assert.ThrowsAsync<ProblemException>(() => WriteAsync("dir/new", "x"))).Problem.Code);
        Assert.Empty(await ListAsync(string.Empty));
        await WriteAsync("file", "mine");
        Assert.Equal("secret", await File.ReadAllTextAsync(outside.File("secret")));
    }

    // /dev/full answers every write with ENOSPC, as a full disk does.
    [Fact]
    public async Task A_full_disk_is_told_and_changes_nothing()
    {
        if (!File.Exists("/dev/full"))
        {
            return;
        }

        await WriteAsync("a", "old");
        var full = new FolderBlobStore(folder.Path, TimeProvider.System, _ => new FileStream("/dev/full", FileMode.Open, FileAccess.Write));

        var problem = await Assert.ThrowsAsync<ProblemException>(() => full.WriteAsync("a", (stream, token) => stream.WriteAsync(Encoding.UTF8.GetBytes("new"), token).AsTask(), default));

        Assert.Equal("storage-full", problem.Problem.Code);
        Assert.Equal("old", await ReadAsync("a"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(folder.Path, ".tmp")));
    }

    [Property(MaxTest = 300)]
    public void Every_segment_maps_to_one_name_and_back(string segment, string other)
    {
        var (first, second) = (FileOf(segment), FileOf(other));
        if (first is not null)
        {
            Assert.DoesNotContain("..", first.Split(Path.DirectorySeparatorChar));
            Assert.False(Path.IsPathRooted(first));
            Assert.False(first.StartsWith('.'));
            Assert.All(first, c => Assert.True(c < 127 && c > 31));
            Assert.True(segment == other || !string.Equals(first, second, StringComparison.OrdinalIgnoreCase));
        }

        static string? FileOf(string? text)
        {
            try
            {
                return text is null ? null : BlobNames.ToFile(text);
            }
            catch (ProblemException)
            {
                return null;
            }
        }
    }
}
