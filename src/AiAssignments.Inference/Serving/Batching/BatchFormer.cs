namespace AiAssignments.Inference.Serving.Batching;

/// <summary>Chooses the rows of a batch: always the first of those that wait, and with it rows of similar length. Not thread-safe.</summary>
/// <param name="mostPadding">Most of the batch's ids that may be padding, 0..1.</param>
internal sealed class BatchFormer(double mostPadding)
{
    /// <summary>Rows behind this place are not looked at: forming a batch costs the same however long the queue is.</summary>
    public const int LookAhead = 256;

    // A batch's fixed cost, mostly reading the weights, is that of some seven ids on a CPU (a row of 28 alone takes 1.25 times its share of a batch of 8);
    // half of it paid in padding is half of it gained.
    private const int FreePadding = 4;

    private readonly List<long> shorter = [];
    private readonly List<long> longer = [];

    /// <summary>Chooses.</summary>
    /// <param name="waiting">What waits, in the order of its turn; 1 or more.</param>
    /// <param name="mostRows">Most rows, 1 or more; beside the bound of the first row's kind.</param>
    /// <param name="chosen">Gets the places of the rows chosen, in no order.</param>
    public void Choose(List<QueuedRow> waiting, int mostRows, List<int> chosen)
    {
        var first = waiting[0];
        var kind = first.Request.Kind;
        mostRows = Math.Min(mostRows, kind.MostRows);
        chosen.Add(0);
        if (mostRows == 1)
        {
            return;
        }

        Sort(waiting, first);
        long widest = first.Length;
        long ids = first.Length;
        for (int left = 0, right = 0; chosen.Count < mostRows;)
        {
            // The neighbour that adds less padding; of equals the one whose turn is nearer.
            var down = left < shorter.Count ? Place(shorter[left]) : -1;
            var up = right < longer.Count ? Place(longer[right]) : -1;
            var downCost = down < 0 ? long.MaxValue : widest - waiting[down].Length;
            var upCost = up < 0 ? long.MaxValue : (waiting[up].Length - widest) * chosen.Count;
            if (down < 0 && up < 0)
            {
                return;
            }

            var takeUp = upCost < downCost || (upCost == downCost && up < down);
            if (!Fits(takeUp ? up : down))
            {
                takeUp = !takeUp;
                if ((takeUp ? up : down) < 0 || !Fits(takeUp ? up : down))
                {
                    return;
                }
            }

            var place = takeUp ? up : down;
            widest = Math.Max(widest, waiting[place].Length);
            ids += waiting[place].Length;
            chosen.Add(place);
            _ = takeUp ? right++ : left++;
        }

        bool Fits(int place)
        {
            var padded = Math.Max(widest, waiting[place].Length) * (chosen.Count + 1);
            var allowed = mostPadding > 0 ? Math.Max(FreePadding, mostPadding * padded) : 0;
            return padded <= kind.MostTokens && padded - ids - waiting[place].Length <= allowed;
        }
    }

    private static int Place(long key) => (int)(key & int.MaxValue);

    // By distance from the first row's length, then by turn.
    private void Sort(List<QueuedRow> waiting, QueuedRow first)
    {
        shorter.Clear();
        longer.Clear();
        var end = Math.Min(waiting.Count, LookAhead);
        for (var place = 1; place < end; place++)
        {
            var row = waiting[place];
            if (!ReferenceEquals(row.Request.Kind, first.Request.Kind) && row.Request.Kind != first.Request.Kind)
            {
                continue;
            }

            var distance = (long)row.Length - first.Length;
            (distance < 0 ? shorter : longer).Add((Math.Abs(distance) << 32) | (uint)place);
        }

        shorter.Sort();
        longer.Sort();
    }
}
