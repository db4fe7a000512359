using AiAssignments.Core.Errors;
using AiAssignments.Inference.Serving.Graphs;
using AiAssignments.Tests.Serving.Support;

namespace AiAssignments.Tests.Serving;

public sealed class BatchQueueTests
{
    [Fact]
    public void A_batch_is_bounded_by_rows_and_by_padded_ids()
    {
        using var byRows = new QueueDriver(rows: 8, tokens: 1000);
        using var byIds = new QueueDriver(rows: 8, tokens: 64);
        for (var i = 0; i < 20; i++)
        {
            byRows.Add(10);
            byIds.Add(20);
        }

        Assert.Equal(8, byRows.Serve().Length);
        Assert.Equal(3, byIds.Serve().Length);
    }

    [Fact]
    public void A_row_longer_than_a_batch_is_a_batch_of_its_own()
    {
        using var driver = new QueueDriver(tokens: 64);
        driver.Add(200);
        driver.Add(200);

        Assert.Single(driver.Serve());
        Assert.Single(driver.Serve());
    }

    [Fact]
    public void Texts_of_unlike_length_do_not_share_a_batch()
    {
        using var driver = new QueueDriver(rows: 8, tokens: 1000);
        for (var i = 0; i < 4; i++)
        {
            driver.Add(5);
            driver.Add(50);
        }

        Assert.All(driver.Serve(), row => Assert.Equal(5, row.Length));
        Assert.All(driver.Serve(), row => Assert.Equal(50, row.Length));
    }

    [Fact]
    public void A_few_ids_of_padding_are_less_than_a_batch_of_its_own()
    {
        using var driver = new QueueDriver(rows: 8, tokens: 1000, padding: 0.05);
        driver.Add(5);
        driver.Add(9);
        driver.Add(10);

        Assert.Equal([5, 9], driver.Serve().Select(row => row.Length).Order());
        Assert.Equal([10], driver.Serve().Select(row => row.Length));
    }

    [Fact]
    public void Without_padding_only_equal_lengths_share_a_batch()
    {
        using var driver = new QueueDriver(rows: 8, tokens: 1000, padding: 0);
        driver.Add(5);
        driver.Add(6);
        driver.Add(5);

        Assert.Equal([5, 5], driver.Serve().Select(row => row.Length));
        Assert.Equal([6], driver.Serve().Select(row => row.Length));
    }

    [Fact]
    public void Of_equal_texts_the_earlier_go_first()
    {
        using var driver = new QueueDriver(rows: 4, tokens: 1000);
        var requests = Enumerable.Range(0, 10).Select(_ => driver.Add(9).Request).ToList();

        var first = driver.Serve().Select(row => requests.IndexOf((Inference.Serving.Records.RecordRequest)row.Request)).Order();

        Assert.Equal([0, 1, 2, 3], first);
    }

    [Fact]
    public void The_rows_of_one_request_are_spread_over_batches_and_end_it_together()
    {
        using var driver = new QueueDriver(rows: 4, tokens: 1000);
        var (request, _) = driver.Add([.. Enumerable.Repeat(9, 10)]);

        Assert.Equal([4, 4], new[] { driver.Serve().Length, driver.Serve().Length });
        Assert.False(request.Completion.IsCompleted);
        Assert.Equal(2, driver.Serve().Length);
        Assert.True(request.Completion.IsCompletedSuccessfully);
        Assert.Equal(TimeSpan.FromMilliseconds(3), request.Spent.Inference);
    }

    [Fact]
    public void A_single_row_does_not_wait_for_the_list_before_it()
    {
        using var driver = new QueueDriver(rows: 4, tokens: 1000);
        driver.Add([.. Enumerable.Repeat(9, 500)]);
        driver.Serve();
        var (single, _) = driver.Add(9);

        driver.Serve();
        driver.Serve();

        Assert.True(single.Completion.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_list_gets_on_while_single_rows_keep_all_batches_full()
    {
        using var driver = new QueueDriver(rows: 4, tokens: 1000);
        var (list, _) = driver.Add([.. Enumerable.Repeat(9, 100)]);
        var batches = 0;
        for (; !list.Completion.IsCompleted; batches++)
        {
            for (var i = 0; i < 3; i++)
            {
                driver.Add(9);
            }

            driver.Serve();
        }

        // Singles alone take three of the four places: the list has at least the fourth.
        Assert.InRange(batches, 25, 100);
    }

    [Fact]
    public void A_row_of_rare_length_has_its_turn_while_others_fill_the_queue()
    {
        using var driver = new QueueDriver(rows: 4, tokens: 1000);
        for (var i = 0; i < 20; i++)
        {
            driver.Add(9);
        }

        var (rare, _) = driver.Add(40);
        var batches = 0;
        for (; !rare.Completion.IsCompleted; batches++)
        {
            for (var i = 0; i < 8; i++)
            {
                driver.Add(9);
            }

            driver.Serve();
        }

        // The 20 rows before it are 5 batches.
        Assert.Equal(6, batches);
    }

    [Fact]
    public void Idle_lanes_share_what_waits()
    {
        using var driver = new QueueDriver(rows: 8, tokens: 1000, concurrent: 2);
        driver.Add(9, 9, 9, 9);

        Assert.Equal(2, driver.Serve(idleLanes: 2).Length);
        Assert.Equal(2, driver.Serve().Length);
    }

    [Fact]
    public void Idle_lanes_that_may_not_run_the_model_make_no_batch_smaller()
    {
        using var driver = new QueueDriver(rows: 8, tokens: 1000);
        driver.Add(9, 9, 9, 9);

        Assert.Equal(4, driver.Serve(idleLanes: 2).Length);
    }

    [Fact]
    public void A_batch_that_its_ids_fill_does_not_wait_for_more_rows()
    {
        using var driver = new QueueDriver(rows: 8, tokens: 64, delay: TimeSpan.FromMilliseconds(50));
        driver.Add(20, 20, 20);
        Assert.False(driver.IsReady());
        driver.Add(20);

        Assert.True(driver.IsReady());
        Assert.Equal(3, driver.Serve().Length);
    }

    [Fact]
    public void One_bad_request_among_many_costs_few_runs()
    {
        using var driver = new QueueDriver(rows: 16, tokens: 1000);
        var requests = Enumerable.Range(0, 16).Select(_ => driver.Add(2)).ToList();
        requests[5].Rows.OfType<SequenceRow>().Single().Item.Ids[0] = FakeRunner.Poison;

        driver.Serve();

        // The batch, and its halves down to the one: 1 + 2 * log2(16), not 1 + 16.
        Assert.Equal(9, driver.Runner.Batches.Count);
        Assert.All(requests.Where((_, i) => i != 5), request => Assert.True(request.Request.Completion.IsCompletedSuccessfully));
        Assert.True(requests[5].Request.Completion.IsFaulted);
    }

    [Fact]
    public void Cancelled_and_expired_requests_leave_before_inference()
    {
        using var driver = new QueueDriver();
        var (cancelled, _) = driver.Add(9, 9);
        var (expired, _) = driver.Add(9);
        driver.Add(9);

        cancelled.TryCancel(new CancellationToken(true));
        driver.Queue.Leave(cancelled);
        driver.Queue.Expire(expired, TimeSpan.FromMilliseconds(5));

        Assert.Equal(1, driver.Queue.Length);
        Assert.Single(driver.Serve());
        Assert.Empty(driver.Serve());
        Assert.True(cancelled.Completion.IsCanceled);
        Assert.Equal("deadline-exceeded", Assert.IsType<ProblemException>(expired.Completion.Exception!.InnerException).Problem.Code);
    }

    [Fact]
    public void A_request_all_of_whose_rows_run_does_not_expire()
    {
        using var driver = new QueueDriver();
        var (request, _) = driver.Add(9);
        driver.Serve();

        driver.Queue.Expire(request, TimeSpan.Zero);

        Assert.True(request.Completion.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_full_queue_refuses_at_once_and_says_when_half_of_it_will_be_done()
    {
        using var driver = new QueueDriver(capacity: 100, rows: 4, tokens: 1000);
        for (var i = 0; i < 100; i++)
        {
            driver.Add(9);
        }

        // 4 rows every 200 ms: 20 a second.
        for (var i = 0; i < 10; i++)
        {
            driver.Time.Advance(TimeSpan.FromMilliseconds(200));
            driver.Serve();
        }

        for (var i = 0; i < 40; i++)
        {
            driver.Add(9);
        }

        var full = Assert.Throws<ProblemException>(() => driver.Queue.Announce(1));

        Assert.Equal("queue-full", full.Problem.Code);
        Assert.Equal(2.5, full.RetryAfter!.Value.TotalSeconds, 1e-9);
        Assert.Equal("request-too-large", Assert.Throws<ProblemException>(() => driver.Queue.Announce(101)).Problem.Code);
        driver.Serve();
        driver.Queue.Announce(4);
        Assert.Throws<ProblemException>(() => driver.Queue.Announce(1));
        driver.Queue.Withdraw(4);
        driver.Queue.Announce(1);
    }

    [Fact]
    public void Before_anything_ran_a_refusal_says_one_second()
    {
        using var driver = new QueueDriver(capacity: 1);
        driver.Add(9);

        Assert.Equal(TimeSpan.FromSeconds(1), Assert.Throws<ProblemException>(() => driver.Queue.Announce(1)).RetryAfter);
    }

    [Fact]
    public void A_request_that_leaves_makes_room_at_once()
    {
        using var driver = new QueueDriver(capacity: 2);
        driver.Add(9);
        var (request, _) = driver.Add(9);
        Assert.Throws<ProblemException>(() => driver.Queue.Announce(1));

        driver.Queue.Leave(request);

        driver.Add(9);
        Assert.Equal(2, driver.Queue.Length);
    }

    [Fact]
    public void With_a_delay_a_batch_waits_for_more_rows_or_for_its_time()
    {
        using var driver = new QueueDriver(rows: 3, tokens: 1000, delay: TimeSpan.FromMilliseconds(10));
        driver.Add(9);
        Assert.False(driver.IsReady());
        driver.Time.Advance(TimeSpan.FromMilliseconds(9));
        Assert.False(driver.IsReady());
        driver.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(driver.IsReady());
        Assert.Single(driver.Serve());

        driver.Add(9, 9);
        Assert.False(driver.IsReady());
        driver.Add(9);
        Assert.True(driver.IsReady());
        Assert.Equal(3, driver.Serve().Length);
    }

    [Fact]
    public void One_request_that_fails_its_batch_fails_alone()
    {
        using var driver = new QueueDriver();
        var (fine, _) = driver.Add(9);
        var (broken, rows) = driver.Add(9);
        var (other, _) = driver.Add(9);
        ((Inference.Serving.Graphs.SequenceRow)rows[0]).Item.Ids[3] = FakeRunner.Poison;

        driver.Serve();

        Assert.True(fine.Completion.IsCompletedSuccessfully && other.Completion.IsCompletedSuccessfully);
        Assert.Equal("inference-failed", Assert.IsType<ProblemException>(broken.Completion.Exception!.InnerException).Problem.Code);
    }

    [Fact]
    public async Task Idle_is_when_nothing_waits_is_announced_or_runs()
    {
        using var driver = new QueueDriver();
        Assert.True(driver.Queue.WhenIdleAsync().IsCompleted);
        driver.Queue.Announce(1);
        var idle = driver.Queue.WhenIdleAsync();
        Assert.False(idle.IsCompleted);
        driver.Add(9);
        driver.Queue.Withdraw(1);
        Assert.False(idle.IsCompleted);
        driver.Serve();
        await idle;
    }
}
