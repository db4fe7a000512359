using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using AiAssignments.Embedded.Documents;
using AiAssignments.Tests.Embedded.Contracts;
using AiAssignments.Tests.Support;
using Microsoft.Data.Sqlite;

namespace AiAssignments.Tests.Embedded.Documents;

public sealed class SqliteDocumentStoreTests : DocumentStoreContract, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly SqliteDocumentStore store;

    public SqliteDocumentStoreTests() => store = new SqliteDocumentStore(folder.File("documents.db"), TimeSpan.FromMilliseconds(50));

    protected override IDocumentStore Store => store;

    public void Dispose()
    {
        store.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_lock_of_another_program_is_told_and_reading_goes_on()
    {
        await store.PutAsync("c", "p", "id", "old", null, default);
        using var other = new SqliteConnection($"Data Source={folder.File("documents.db")};Pooling=False");
        other.Open();
        using var transaction = other.BeginTransaction(deferred: false);

        Assert.Equal("storage-locked", (await Assert.ThrowsAsync<ProblemException>(() => store.PutAsync("c", "p", "id", "new", null, default))).Problem.Code);
        Assert.Equal("old", (await store.FindAsync<string>("c", "p", "id", default))!.Value);
        transaction.Rollback();
        await store.PutAsync("c", "p", "id", "new", null, default);
    }

    [Fact]
    public void A_file_that_is_no_database_is_told()
    {
        File.WriteAllText(folder.File("other.db"), new string('x', 10_000));

        var problem = Assert.Throws<ProblemException>(() => new SqliteDocumentStore(folder.File("other.db"))).Problem;

        Assert.Equal("storage-corrupt", problem.Code);
        Assert.Equal("storage-unavailable", Assert.Throws<ProblemException>(() => new SqliteDocumentStore(folder.File("no/folder.db"))).Problem.Code);
    }

    [Fact]
    public async Task Documents_are_there_after_opening_again()
    {
        var written = await store.PutAsync("c", "p", "id", 7, null, default);
        store.Dispose();
        using var reopened = new SqliteDocumentStore(folder.File("documents.db"));

        Assert.Equal(written, await reopened.FindAsync<int>("c", "p", "id", default));
        Assert.NotEqual(written.ETag, (await reopened.PutAsync("c", "p", "id", 7, null, default)).ETag);
    }
}
