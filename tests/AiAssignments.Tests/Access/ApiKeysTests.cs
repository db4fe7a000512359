using AiAssignments.Core.Errors;
using AiAssignments.Embedded.Documents;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Access.Keys;
using AiAssignments.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Access;

public sealed class ApiKeysTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero));
    private readonly SqliteDocumentStore documents;
    private readonly ApiKeys keys;

    public ApiKeysTests()
    {
        documents = new SqliteDocumentStore(folder.File("documents.db"));
        keys = new ApiKeys(documents, time);
    }

    public void Dispose()
    {
        documents.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_key_opens_and_nothing_that_is_stored_does()
    {
        var issued = await MakeAsync();
        Assert.Matches("^aia_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$", issued.Text);
        Assert.Equal(issued.Key.Id, (await keys.VerifyAsync(issued.Text, CancellationToken.None))!.Id);

        var stored = await documents.FindAsync<System.Text.Json.JsonElement>("keys", "all", issued.Key.Id, CancellationToken.None);
        var text = stored!.Value.GetRawText();
        var secret = issued.Text[(issued.Text.LastIndexOf(issued.Key.Id, StringComparison.Ordinal) + issued.Key.Id.Length + 1)..];
        Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("sha256:", text, StringComparison.Ordinal);

        // Not in any file of the database either (write-ahead log included).
        foreach (var file in Directory.EnumerateFiles(folder.Path))
        {
            Assert.DoesNotContain(secret, await ReadSharedAsync(file), StringComparison.Ordinal);
        }

        Assert.Null(await keys.VerifyAsync(stored.Value.GetProperty("hash").GetString()!, CancellationToken.None));
        Assert.DoesNotContain(secret, issued.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_differs_in_one_character_opens_nothing()
    {
        var issued = await MakeAsync();
        for (var at = 0; at < issued.Text.Length; at++)
        {
            var other = issued.Text[..at] + (issued.Text[at] == 'b' ? 'c' : 'b') + issued.Text[(at + 1)..];
            Assert.Null(await keys.VerifyAsync(other, CancellationToken.None));
        }

        Assert.Null(await keys.VerifyAsync(issued.Text + "=", CancellationToken.None));
        Assert.Null(await keys.VerifyAsync(issued.Text.ToUpperInvariant(), CancellationToken.None));
        Assert.Null(await keys.VerifyAsync(string.Empty, CancellationToken.None));
    }

    [Fact]
    public async Task Rotation_ends_the_old_secret_at_once_or_after_the_overlap()
    {
        var first = await MakeAsync();
        await keys.VerifyAsync(first.Text, CancellationToken.None);
        var second = await keys.RotateAsync(first.Key.Id, TimeSpan.Zero, CancellationToken.None);
        Assert.Null(await keys.VerifyAsync(first.Text, CancellationToken.None));
        Assert.NotNull(await keys.VerifyAsync(second.Text, CancellationToken.None));

        var third = await keys.RotateAsync(first.Key.Id, TimeSpan.FromHours(1), CancellationToken.None);
        Assert.NotNull(await keys.VerifyAsync(second.Text, CancellationToken.None));
        Assert.NotNull(await keys.VerifyAsync(third.Text, CancellationToken.None));
        Assert.Null(await keys.VerifyAsync(first.Text, CancellationToken.None));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Null(await keys.VerifyAsync(second.Text, CancellationToken.None));
        Assert.NotNull(await keys.VerifyAsync(third.Text, CancellationToken.None));

        var refused = await Assert.ThrowsAsync<ProblemException>(() => keys.RotateAsync("0000000000000000", TimeSpan.Zero, CancellationToken.None));
        Assert.Equal("key-not-found", refused.Problem.Code);
        await Assert.ThrowsAsync<ProblemException>(() => keys.RotateAsync(first.Key.Id, TimeSpan.FromDays(31), CancellationToken.None));
    }

    [Fact]
    public async Task A_deleted_key_opens_nothing_here_at_once_and_in_another_process_after_five_seconds()
    {
        var other = new ApiKeys(documents, time);
        var issued = await MakeAsync();
        Assert.NotNull(await keys.VerifyAsync(issued.Text, CancellationToken.None));
        Assert.NotNull(await other.VerifyAsync(issued.Text, CancellationToken.None));
        Assert.NotNull(await other.VerifyAsync(issued.Text, CancellationToken.None));

        Assert.True(await keys.DeleteAsync(issued.Key.Id, CancellationToken.None));
        Assert.Null(await keys.VerifyAsync(issued.Text, CancellationToken.None));
        Assert.NotNull(await other.VerifyAsync(issued.Text, CancellationToken.None));
        time.Advance(ApiKeys.SeenWithin);
        Assert.Null(await other.VerifyAsync(issued.Text, CancellationToken.None));
        Assert.False(await keys.DeleteAsync(issued.Key.Id, CancellationToken.None));
    }

    [Fact]
    public async Task Last_use_is_noted_every_five_minutes_and_does_not_bring_back_a_rotated_key()
    {
        var issued = await MakeAsync();
        await keys.VerifyAsync(issued.Text, CancellationToken.None);
        var first = (await keys.ListAsync(10, null, CancellationToken.None)).Keys.Single().LastUsedAt;
        Assert.Equal(time.GetUtcNow(), first);
        time.Advance(TimeSpan.FromMinutes(4));
        await keys.VerifyAsync(issued.Text, CancellationToken.None);
        Assert.Equal(first, (await keys.ListAsync(10, null, CancellationToken.None)).Keys.Single().LastUsedAt);

        // Another process rotates between this one's look and its note.
        var other = new ApiKeys(documents, time);
        var rotated = await other.RotateAsync(issued.Key.Id, TimeSpan.Zero, CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(2));
        await keys.VerifyAsync(issued.Text, CancellationToken.None);
        Assert.Equal(rotated.Key.Hash, (await keys.ListAsync(10, null, CancellationToken.None)).Keys.Single().Hash);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("a\nb", 1)]
    [InlineData("fine", -1)]
    public async Task A_key_without_a_name_or_a_future_is_not_made(string name, int days) =>
        await Assert.ThrowsAsync<ProblemException>(() => keys.CreateAsync(new NewKey(name, AccessScope.Read, time.GetUtcNow().AddDays(days)), CancellationToken.None));

    private Task<IssuedKey> MakeAsync() => keys.CreateAsync(new NewKey("test", AccessScope.Write), CancellationToken.None);

    private static async Task<string> ReadSharedAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }
}
