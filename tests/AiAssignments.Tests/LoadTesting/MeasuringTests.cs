using AiAssignments.LoadTesting.Measuring;
using AiAssignments.LoadTesting.Transports;

namespace AiAssignments.Tests.LoadTesting;

public sealed class MeasuringTests
{
    private const long Second = TimeSpan.TicksPerSecond;
    private const long Millisecond = TimeSpan.TicksPerMillisecond;

    [Fact]
    public void Samples_belong_to_the_second_in_which_they_ended_and_the_warm_up_to_none()
    {
        var recorder = new LoadRecorder(2 * Second, 1);
        recorder.Record(Sample(due: 0, ended: Second));
        recorder.Record(Sample(due: (2 * Second) - 1, ended: (2 * Second) + Millisecond));
        recorder.Record(Sample(due: 2 * Second, ended: (2 * Second) + (5 * Millisecond)));
        recorder.Record(Sample(due: 2 * Second, ended: (4 * Second) + (5 * Millisecond), failure: FailureKind.Timeout));
        Assert.Empty(recorder.Advance(3 * Second));

        // A quarter of a second after its end a second is over.
        var seconds = recorder.Advance((3 * Second) + (Second / 4)).Select(each => (each.Second, each.Tally.Requests, each.Tally.Carried)).ToList();
        Assert.Equal([(0, 1, 1)], seconds);
        seconds = recorder.Advance(5 * Second, all: true).Select(each => (each.Second, each.Tally.Requests, each.Tally.Carried)).ToList();
        Assert.Equal([(1, 0, 0), (2, 1, 0)], seconds);
        Assert.Equal(2, recorder.Total.Requests);
        Assert.Equal(1, recorder.Total.Failed);
        Assert.Equal(1, recorder.Total.Carried);
        Assert.Equal(2, recorder.Total.Latency.Count);
    }

    [Fact]
    public void What_comes_after_its_second_is_over_still_counts()
    {
        var recorder = new LoadRecorder(0, 2);
        Assert.Equal(2, recorder.Advance(3 * Second).Count());
        recorder.Record(Sample(due: 0, ended: Millisecond));
        Assert.Equal([1], recorder.Advance(4 * Second).Select(each => each.Tally.Requests));
        recorder.Close();
        recorder.Record(Sample(due: 0, ended: 4 * Second));
        Assert.Equal(1, recorder.Advance(9 * Second, all: true).Sum(each => each.Tally.Requests) + 1);
    }

    [Fact]
    public void Many_threads_lose_nothing()
    {
        var recorder = new LoadRecorder(0);
        Parallel.For(0, 8, thread =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                recorder.Record(Sample(due: 0, ended: ((i % 3) * Second) + thread + 1));
            }
        });
        Assert.Equal(40_000, recorder.Advance(9 * Second).Sum(each => each.Tally.Requests));
        Assert.Equal(40_000, recorder.Total.Latency.Count);
    }

    [Fact]
    public void Figures_are_exact_where_they_can_be()
    {
        var distribution = new Distribution();
        for (var i = 1; i <= 1_000; i++)
        {
            distribution.Add(i * Millisecond);
        }

        var figures = distribution.Figures()!;
        Assert.Equal((1_000, 500.5, 1, 1_000), (figures.Samples, figures.Average, figures.Min, figures.Max));

        // Three digits: within a thousandth.
        Assert.Equal(500, figures.Median, 0.5);
        Assert.Equal(900, figures.P90, 0.9);
        Assert.Equal(990, figures.P99, 0.99);
        Assert.Equal(999, figures.P999, 0.999);
        distribution.Add(long.MaxValue);
        distribution.Add(-5);
        Assert.Equal(3_600_000, distribution.Figures()!.Max);
        distribution.Reset();
        Assert.Null(distribution.Figures());
    }

    [Fact]
    public void Batch_means_give_the_interval_of_the_textbook()
    {
        // Ten batches of one second with means 10, 11, … 19 ms: mean 14.5, standard deviation √(82.5/9) = 3.02765, half-width 2.262157 · 3.02765/√10 = 2.16585, a share of 0.149369.
        var batches = new BatchMeans(StabilityRule.Default with { LeastRequests = 1 });
        for (var i = 10; i < 20; i++)
        {
            Assert.Null(batches.Figures().MeanHalfWidth);
            batches.Add(Of(i));
        }

        var figures = batches.Figures();
        Assert.Equal(0.149369, figures.MeanHalfWidth!.Value, 5);
        Assert.Equal((10, 1, false), (figures.Batches, figures.BatchSeconds, figures.Stable));
    }

    [Fact]
    public void Twenty_batches_become_ten_of_twice_the_length()
    {
        var batches = new BatchMeans(StabilityRule.Default with { LeastRequests = 1 });
        for (var i = 0; i < 60; i++)
        {
            batches.Add(Of(i % 2 == 0 ? 10 : 20));
        }

        // 20 → 10 batches of 2 s, after 40 s 20 → 10 of 4 s, and five more by 60 s: all of the same mean.
        var figures = batches.Figures();
        Assert.Equal((15, 4, true), (figures.Batches, figures.BatchSeconds, figures.Stable));
        Assert.Equal(0, figures.MeanHalfWidth!.Value, 9);
    }

    [Fact]
    public void Few_requests_or_a_rule_that_is_none_are_never_stable()
    {
        var (few, none) = (new BatchMeans(StabilityRule.Default), new BatchMeans(null));
        for (var i = 0; i < 12; i++)
        {
            few.Add(Of(10));
            none.Add(Of(10));
        }

        Assert.False(few.Figures().Stable);
        Assert.False(none.Figures().Stable);
        Assert.Equal(0, none.Figures().P99HalfWidth);
    }

    private static Distribution Of(int milliseconds)
    {
        var distribution = new Distribution();
        distribution.Add(milliseconds * Millisecond);
        return distribution;
    }

    private static Sample Sample(long due, long ended, FailureKind failure = FailureKind.None) => new(due, due, ended, 0, new LoadReply(failure, failure == FailureKind.None ? 200 : 0, 1, 2));
}
