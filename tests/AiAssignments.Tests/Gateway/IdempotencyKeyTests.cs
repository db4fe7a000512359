using AiAssignments.Core.Errors;
using AiAssignments.Embedded.Documents;
using AiAssignments.Pipeline.Gateway;
using AiAssignments.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Gateway;

public sealed class IdempotencyKeyTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero));
    private readonly SqliteDocumentStore documents;
    private int worked;

    public IdempotencyKeyTests() => documents = new SqliteDocumentStore(folder.File("documents.db"));

    [Fact]
    public async Task Many_at_once_are_worked_on_once_over_two_servers()
    {
        var servers = new[] { new IdempotencyKeys(documents, time), new IdempotencyKeys(documents, time) };
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
        {
            while (true)
            {
                try
                {
                    return (await AskAsync(servers[i % 2], "key", "body")).Answer;
                }
                catch (ProblemException busy) when (busy.Problem.Code == "idempotency-key-busy-conflict")
                {
                    await Task.Yield();
                }
            }
        })));
        Assert.Equal(1, worked);
        Assert.Single(answers.Distinct());
    }

    [Fact]
    public async Task An_answer_is_kept_a_day_and_over_a_restart()
    {
        Assert.False((await AskAsync(new IdempotencyKeys(documents, time), "key", "body")).Again);
        time.Advance(TimeSpan.FromHours(23.9));
        Assert.True((await AskAsync(new IdempotencyKeys(documents, time), "key", "body")).Again);
        await RefusedAsync("idempotency-key-conflict", () => AskAsync(new IdempotencyKeys(documents, time), "key", "other"));
        time.Advance(TimeSpan.FromHours(0.2));
        Assert.False((await AskAsync(new IdempotencyKeys(documents, time), "key", "other")).Again);
        Assert.Equal(2, worked);
    }

    [Fact]
    public async Task Work_that_fails_late_leaves_the_answer_of_who_took_over()
    {
        await Assert.ThrowsAsync<IOException>(() => new IdempotencyKeys(documents, time).RunAsync("caller", "op", "key", "body"u8.ToArray(), async () =>
        {
            time.Advance(TimeSpan.FromMinutes(10));
            await AskAsync(new IdempotencyKeys(documents, time), "key", "body");
            throw new IOException("late");
        }, CancellationToken.None));

        Assert.True((await AskAsync(new IdempotencyKeys(documents, time), "key", "body")).Again);
        Assert.Equal(1, worked);
    }

    [Fact]
    public async Task What_expired_is_removed()
    {
        var keys = new IdempotencyKeys(documents, time);
        for (var i = 0; i < 5; i++)
        {
            await AskAsync(keys, $"key{i}", "body");
        }

        time.Advance(TimeSpan.FromHours(25));
        await AskAsync(keys, "last", "body");
        var left = await documents.QueryAsync<IdempotencyEntry>("idempotency", "all", new Core.Storage.DocumentQuery(), CancellationToken.None);
        Assert.Single(left.Items);
    }

    [Fact]
    public async Task However_many_expired_they_are_removed_by_the_requests_that_follow()
    {
        var past = time.GetUtcNow().AddHours(-1).ToUnixTimeMilliseconds();
        for (var i = 0; i < 450; i++)
        {
            await documents.PutAsync("idempotency", "all", $"old{i}", new IdempotencyEntry("f", "o", past, null, past), null, CancellationToken.None);
        }

        var keys = new IdempotencyKeys(documents, time);
        for (var i = 0; i < 3; i++)
        {
            await AskAsync(keys, $"key{i}", "body");
        }

        var left = await documents.QueryAsync<IdempotencyEntry>("idempotency", "all", new Core.Storage.DocumentQuery { PageSize = 1000 }, CancellationToken.None);
        Assert.Equal(3, left.Items.Count);
    }

    [Fact]
    public async Task A_worker_that_died_is_taken_over_from()
    {
        var keys = new IdempotencyKeys(documents, time);
        var never = new TaskCompletionSource<KeptAnswer>();
        var dead = keys.RunAsync("caller", "op", "key", "body"u8.ToArray(), () => never.Task, CancellationToken.None);
        var other = new IdempotencyKeys(documents, time);
        await RefusedAsync("idempotency-key-busy-conflict", () => AskAsync(other, "key", "body"));
        time.Advance(TimeSpan.FromMinutes(3));
        Assert.False((await AskAsync(other, "key", "body")).Again);
        never.SetResult(new KeptAnswer(202, null, "late"));
        Assert.Equal("late", (await dead).Answer.Body);
        Assert.Equal("1", (await AskAsync(other, "key", "body")).Answer.Body);
    }

    [Fact]
    public async Task A_refusal_is_not_kept_and_callers_do_not_meet()
    {
        var keys = new IdempotencyKeys(documents, time);
        await RefusedAsync("no", () => keys.RunAsync("caller", "op", "key", "body"u8.ToArray(), () => throw new ProblemException("no", "No."), CancellationToken.None));
        Assert.False((await AskAsync(keys, "key", "body")).Again);
        Assert.False((await keys.RunAsync("another", "op", "key", "other"u8.ToArray(), Work, CancellationToken.None)).Again);
        Assert.False((await keys.RunAsync("caller", "op2", "key", "other"u8.ToArray(), Work, CancellationToken.None)).Again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("with blank")]
    [InlineData("ümlaut")]
    [InlineData("line\nfeed")]
    public async Task A_key_is_visible_ascii(string key) => await RefusedAsync("idempotency-key-invalid", () => AskAsync(new IdempotencyKeys(documents, time), key, "body"));

    public void Dispose()
    {
        documents.Dispose();
        folder.Dispose();
    }

    private Task<(KeptAnswer Answer, bool Again)> AskAsync(IdempotencyKeys keys, string key, string body) =>
        keys.RunAsync("caller", "op", key, System.Text.Encoding.UTF8.GetBytes(body), Work, CancellationToken.None);

    private async Task<KeptAnswer> Work()
    {
        await Task.Yield();
        return new KeptAnswer(202, "/there", Interlocked.Increment(ref worked).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private static async Task RefusedAsync(string code, Func<Task> ask) => Assert.Equal(code, (await Assert.ThrowsAsync<ProblemException>(ask)).Problem.Code);
}
