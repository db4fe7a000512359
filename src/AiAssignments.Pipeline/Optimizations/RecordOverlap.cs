using AiAssignments.Core.Datasets;
using AiAssignments.Pipeline.Optimizations.Distillation;

namespace AiAssignments.Pipeline.Optimizations;

/// <summary>How many records of a gate dataset a pass has looked at, too: records are the same where a model sees the same, whatever their labels and files.</summary>
/// <param name="Gate">Readable records of the gate dataset.</param>
/// <param name="Shared">Those of them that the pass has looked at.</param>
/// <param name="IsExact">Whether every record was compared; of very large datasets a part is, drawn by content, and the count is scaled up.</param>
internal sealed record RecordOverlap(long Gate, long Shared, bool IsExact)
{
    /// <summary>Contents kept at most, 16 bytes each.</summary>
    private const int UsualMost = 1 << 20;

    /// <summary>Counts, in memory that does not grow with the datasets.</summary>
    /// <param name="own">What the pass looks at.</param>
    /// <param name="gate">The gate's records.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="most">Contents kept at most.</param>
    public static async Task<RecordOverlap> CountAsync(
        IAsyncEnumerable<DatasetRecord> own, IAsyncEnumerable<DatasetRecord> gate, CancellationToken cancellationToken, int most = UsualMost)
    {
        // Of more contents than are kept, those are that a hash draws: every second one, every fourth, and so on. A content is drawn in both datasets or in none.
        var (seen, mask) = (new HashSet<UInt128>(), UInt128.Zero);
        await foreach (var record in own.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var key = ContentKeys.OfInput(record);
            if ((key & mask) == 0 && seen.Add(key) && seen.Count > most)
            {
                mask = (mask << 1) | 1;
                var narrower = mask;
                seen.RemoveWhere(one => (one & narrower) != 0);
            }
        }

        var (all, compared, shared) = (0L, 0L, 0L);
        await foreach (var record in gate.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            all++;
            var key = ContentKeys.OfInput(record);
            if ((key & mask) == 0)
            {
                compared++;
                shared += seen.Contains(key) ? 1 : 0;
            }
        }

        return new RecordOverlap(all, compared == 0 ? 0 : (long)Math.Round((double)shared * all / compared), mask == 0);
    }
}
