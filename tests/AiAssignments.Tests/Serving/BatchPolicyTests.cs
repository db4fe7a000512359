using AiAssignments.Inference.Serving.Batching;
using AiAssignments.Tests.Serving.Support;
using FsCheck.Xunit;

namespace AiAssignments.Tests.Serving;

/// <summary>What holds of every batch, whatever comes in whatever order.</summary>
public sealed class BatchPolicyTests
{
    private const int Rows = 6;
    private const int Ids = 120;

    [Property(MaxTest = 60)]
    public void The_row_whose_turn_is_first_is_in_the_next_batch_and_bounds_hold(int seed) => Play(seed, 40, (driver, waiting) =>
    {
        var first = waiting.MinBy(row => row.Due)!;
        var batch = driver.Serve();

        Assert.Contains(first, batch);
        Assert.True(batch.Length <= Rows);
        var padded = batch.Length * batch.Max(row => row.Length);
        Assert.True(batch.Length == 1 || padded <= Ids, $"{padded} ids");
        Assert.True(padded - batch.Sum(row => row.Length) <= Math.Max(4, 0.2 * padded), "too much padding");
        return batch;
    });

    [Property(MaxTest = 60)]
    public void No_row_waits_for_more_batches_than_rows_stood_before_it_and_came_until_its_turn(int seed)
    {
        // Each batch takes the row whose turn is first; nothing that comes after a row's turn (due) passes it.
        var (batches, bounds) = (0L, new Dictionary<QueuedRow, long>(ReferenceEqualityComparer.Instance));
        Play(seed, 120, (driver, waiting) =>
        {
            foreach (var row in waiting)
            {
                bounds.TryAdd(row, batches + waiting.Count(other => other.Due <= row.Due) + ((row.Due - batches) * Most));
            }

            var batch = driver.Serve();
            batches++;
            Assert.All(batch, row => Assert.True(batches <= bounds[row], $"batch {batches}, at the latest {bounds[row]}"));
            return batch;
        });
    }

    [Property(MaxTest = 60)]
    public void Single_rows_are_begun_in_the_order_in_which_they_came_or_sooner(int seed)
    {
        // Of single rows the oldest is in every batch that has no row of a list whose turn is before it.
        var came = new List<QueuedRow>();
        Play(seed, 60, (driver, waiting) =>
        {
            came.AddRange(waiting.Except(came));
            var oldest = came.First(waiting.Contains);
            var batch = driver.Serve();
            Assert.Contains(oldest, batch);
            return batch;
        }, lists: false);
    }

    private const int Most = 12;

    private static void Play(int seed, int steps, Func<QueueDriver, List<QueuedRow>, QueuedRow[]> serve, bool lists = true)
    {
        using var driver = new QueueDriver(capacity: 10_000, rows: Rows, tokens: Ids);
        var random = new Random(seed);
        var waiting = new List<QueuedRow>();
        for (var step = 0; step < steps || waiting.Count > 0; step++)
        {
            for (var left = step < steps ? random.Next(0, Most) : 0; left > 0;)
            {
                var count = lists ? random.Next(1, left + 1) : 1;
                left -= count;
                var (request, rows) = driver.Add([.. Enumerable.Range(0, count).Select(_ => random.Next(1, random.Next(2) == 0 ? 20 : 200))]);
                waiting.AddRange(rows);
                if (random.Next(10) == 0)
                {
                    request.TryCancel(new CancellationToken(true));
                    driver.Queue.Leave(request);
                    waiting.RemoveAll(row => row.Request == request);
                }
            }

            if (waiting.Count > 0)
            {
                var batch = serve(driver, waiting);
                Assert.NotEmpty(batch);
                waiting.RemoveAll(row => batch.Contains(row));
            }
        }

        Assert.Equal(0, driver.Queue.Length);
    }
}
