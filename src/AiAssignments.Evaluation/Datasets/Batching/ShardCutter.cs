using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;

namespace AiAssignments.Evaluation.Datasets.Batching;

/// <summary>Cuts a run of records into shards while a planner passes over them.</summary>
internal sealed class ShardCutter
{
    private readonly int shardRecords;
    private readonly List<Shard> shards = [];
    private long records;
    private long start = -1;
    private long startLine;

    /// <summary>Cuts after every <paramref name="shardRecords"/> records.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public ShardCutter(int shardRecords)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shardRecords);
        this.shardRecords = shardRecords;
    }

    /// <summary>Records so far.</summary>
    public long Records => records;

    /// <summary>A record begins at <paramref name="offset"/> (on <paramref name="line"/>).</summary>
    public void Begin(long offset, long line = 0)
    {
        if (records % shardRecords == 0)
        {
            Close(offset);
            start = offset;
            startLine = line;
        }

        records++;
    }

    /// <summary>Ends the last shard at <paramref name="end"/>.</summary>
    /// <exception cref="ProblemException"><c>dataset-empty</c>.</exception>
    public ShardPlan Finish(long end, string emptyMessage)
    {
        if (records == 0)
        {
            throw new ProblemException("dataset-empty", emptyMessage);
        }

        Close(end);
        return new ShardPlan(shards, records);
    }

    private void Close(long end)
    {
        if (start >= 0)
        {
            var first = (long)shards.Count * shardRecords;
            shards.Add(new Shard(shards.Count, start, end, first, (int)(records - first), startLine));
            start = -1;
        }
    }
}
