using AiAssignments.Core.Datasets;

namespace AiAssignments.Evaluation.Datasets.Text;

/// <summary>Finds where records start in a stream of bytes, and marks every n-th as the start of a shard.</summary>
internal abstract class BoundaryScanner(long offset, long line, int shardRecords)
{
    private readonly List<(long Offset, long Line)> cuts = [];
    private long nextCut;

    /// <summary>Record starts seen.</summary>
    public long Records { get; private set; }

    /// <summary>Offset of the next byte.</summary>
    public long Offset { get; protected set; } = offset;

    /// <summary>1-based line of the next byte.</summary>
    protected long Line { get; set; } = line;

    /// <summary>Takes the next bytes, any number of them.</summary>
    /// <param name="bytes">The bytes.</param>
    public abstract void Feed(ReadOnlySpan<byte> bytes);

    /// <summary>Says that the bytes have ended.</summary>
    /// <exception cref="Core.Errors.ProblemException">They end where they must not.</exception>
    public virtual void Finish()
    {
    }

    /// <summary>The shards, after <see cref="Finish"/>.</summary>
    /// <param name="end">Offset one past the last byte.</param>
    public IReadOnlyList<Shard> Shards(long end)
    {
        var shards = new Shard[cuts.Count];
        for (var i = 0; i < shards.Length; i++)
        {
            var first = (long)i * shardRecords;
            var next = i + 1 < shards.Length ? cuts[i + 1].Offset : end;
            shards[i] = new Shard(i, cuts[i].Offset, next, first, (int)Math.Min(shardRecords, Records - first), cuts[i].Line);
        }

        return shards;
    }

    /// <summary>Counts several starts at once when none of them is a cut.</summary>
    /// <param name="count">How many.</param>
    /// <returns><c>false</c>, and nothing counted, when one of them is a cut: call <see cref="Start"/> for each.</returns>
    protected bool TryCount(int count)
    {
        if (Records + count > nextCut)
        {
            return false;
        }

        Records += count;
        return true;
    }

    /// <summary>Counts one start.</summary>
    /// <param name="at">Offset of its first byte.</param>
    /// <param name="atLine">Its line.</param>
    protected void Start(long at, long atLine)
    {
        if (Records == nextCut)
        {
            cuts.Add((at, atLine));
            nextCut += shardRecords;
        }

        Records++;
    }
}
