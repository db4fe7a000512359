using AiAssignments.Embedded.Watching;
using AiAssignments.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Embedded.Watching;

public sealed class FolderWatcherTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider time = new();
    private readonly CancellationTokenSource ending = new();

    public void Dispose()
    {
        ending.Cancel();
        ending.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_file_is_reported_once_when_two_looks_agree()
    {
        await using var drops = Watch();
        await File.WriteAllTextAsync(folder.File("a.csv"), "1");
        var next = drops.MoveNextAsync().AsTask();
        Assert.False(next.IsCompleted);
        await File.AppendAllTextAsync(folder.File("a.csv"), "2");
        Look();
        Assert.False(next.IsCompleted);
        Look();
        await next;

        Assert.Equal(folder.File("a.csv"), drops.Current.Path);
        Assert.Equal(2, drops.Current.Length);
        Assert.False(drops.Current.IsFolder);
        next = drops.MoveNextAsync().AsTask();
        Look();
        Look();
        Assert.False(next.IsCompleted);

        // A new version of the same name is a new drop.
        await File.WriteAllTextAsync(folder.File("a.csv"), "123");
        Look();
        Look();
        await next;
        Assert.Equal(3, drops.Current.Length);
    }

    [Fact]
    public async Task Names_of_unfinished_files_hidden_ones_and_links_are_passed_over()
    {
        foreach (var name in new[] { "a.part", "b.tmp", "c.crdownload", ".hidden", "~lock", "d.csv~", "E.PART" })
        {
            await File.WriteAllTextAsync(folder.File(name), "x");
        }

        using var outside = new TemporaryFolder();
        await File.WriteAllTextAsync(outside.File("x.csv"), "x");
        File.CreateSymbolicLink(folder.File("link.csv"), outside.File("x.csv"));
        Directory.CreateDirectory(folder.File("empty"));
        await using var drops = Watch();
        var next = drops.MoveNextAsync().AsTask();
        Look();
        Look();
        Assert.False(next.IsCompleted);

        File.Move(folder.File("a.part"), folder.File("a.csv"));
        Look();
        Look();
        await next;
        Assert.Equal(folder.File("a.csv"), drops.Current.Path);
    }

    [Fact]
    public async Task A_folder_is_one_drop_complete_when_all_of_it_is()
    {
        Directory.CreateDirectory(folder.File("aclImdb/train/pos"));
        await File.WriteAllTextAsync(folder.File("aclImdb/train/pos/0_9.txt"), "good");
        await using var drops = Watch();
        var next = drops.MoveNextAsync().AsTask();
        await File.WriteAllTextAsync(folder.File("aclImdb/train/pos/1_9.txt"), "better");
        Look();
        await File.WriteAllTextAsync(folder.File("aclImdb/train/pos/2_9.txt.part"), "be");
        Look();
        Assert.False(next.IsCompleted);
        File.Move(folder.File("aclImdb/train/pos/2_9.txt.part"), folder.File("aclImdb/train/pos/2_9.txt"));
        Look();
        Look();
        await next;

        Assert.Equal(folder.File("aclImdb"), drops.Current.Path);
        Assert.Equal(12, drops.Current.Length);
        Assert.True(drops.Current.IsFolder);
    }

    [Fact]
    public async Task What_the_system_reports_is_found_before_the_poll()
    {
        var watcher = new FolderWatcher(folder.Path, new FolderWatcherOptions { PollInterval = TimeSpan.FromHours(1), SettleInterval = TimeSpan.FromMilliseconds(5) });
        await using var drops = watcher.WatchAsync(ending.Token).GetAsyncEnumerator();
        var next = drops.MoveNextAsync().AsTask();
        await File.WriteAllTextAsync(folder.File("a.csv"), "1");
        await next.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(folder.File("a.csv"), drops.Current.Path);
    }

    [Fact]
    public async Task The_token_ends_the_watching()
    {
        await using var drops = Watch();
        var next = drops.MoveNextAsync().AsTask();
        await ending.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    // Every look ends in a wait on the fake clock, and advancing it runs the next look inside the call, unless a synchronization context is in the way.
    private void Look()
    {
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        time.Advance(TimeSpan.FromSeconds(10));
        SynchronizationContext.SetSynchronizationContext(outer);
    }

    private IAsyncEnumerator<DroppedFile> Watch() =>
        new FolderWatcher(folder.Path, new FolderWatcherOptions { Notifications = false }, time).WatchAsync(ending.Token).GetAsyncEnumerator();
}
