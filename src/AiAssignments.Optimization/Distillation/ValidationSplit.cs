using AiAssignments.Optimization.Training.Numerics;

namespace AiAssignments.Optimization.Distillation;

/// <summary>Records to learn from, and records that decide when to stop and which seed is kept.</summary>
/// <param name="Training">To learn from, ascending.</param>
/// <param name="Validation">To decide by, ascending.</param>
internal sealed record ValidationSplit(int[] Training, int[] Validation)
{
    private const ulong Stream = 0x53504C4954;

    /// <summary>
    /// Takes the same share of every stratum (rounded so that the shares add up), drawn by a seed. Records of the same content stay together, in the stratum of the
    /// first of them, or validation would ask what was learned by heart.
    /// </summary>
    /// <param name="records">The records.</param>
    /// <param name="stratum">Of each record: its label, or -1 without.</param>
    /// <param name="content">Of each record: the first one of its content.</param>
    /// <param name="share">Above 0, below 1.</param>
    /// <param name="seed">The seed.</param>
    public static ValidationSplit Draw(IReadOnlyList<int> records, Func<int, int> stratum, Func<int, int> content, double share, ulong seed)
    {
        var training = new List<int>();
        var validation = new List<int>();
        var random = new SeededRandom(seed, Stream);
        var owed = 0.0;
        foreach (var group in records.GroupBy(content).Select(same => same.Order().ToArray()).GroupBy(same => stratum(same[0])).OrderBy(group => group.Key))
        {
            int[][] members = [.. group.OrderBy(same => same[0])];
            random.Shuffle<int[]>(members);
            var size = members.Sum(same => same.Length);
            owed += size * share;
            var (count, taken) = (Math.Clamp((int)Math.Round(owed), 0, size), 0);
            foreach (var same in members)
            {
                // Whichever comes nearer to the count: one more, or not.
                var isTaken = Math.Abs(taken + same.Length - count) < Math.Abs(taken - count);
                taken += isTaken ? same.Length : 0;
                (isTaken ? validation : training).AddRange(same);
            }

            owed -= taken;
        }

        return new ValidationSplit([.. training.Order()], [.. validation.Order()]);
    }
}
