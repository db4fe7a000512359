using AiAssignments.Optimization.Training.Numerics;

namespace AiAssignments.Optimization.Distillation;

/// <summary>Records to learn from, and records that decide when to stop and which seed is kept.</summary>
/// <param name="Training">To learn from, ascending.</param>
/// <param name="Validation">To decide by, ascending.</param>
internal sealed record ValidationSplit(int[] Training, int[] Validation)
{
    private const ulong Stream = 0x53504C4954;

    /// <summary>Takes the same share of every stratum (rounded so that the shares add up), drawn by a seed.</summary>
    /// <param name="records">The records.</param>
    /// <param name="stratum">Of each record: its label, or -1 without.</param>
    /// <param name="share">Above 0, below 1.</param>
    /// <param name="seed">The seed.</param>
    public static ValidationSplit Draw(IReadOnlyList<int> records, Func<int, int> stratum, double share, ulong seed)
    {
        var training = new List<int>();
        var validation = new List<int>();
        var random = new SeededRandom(seed, Stream);
        var owed = 0.0;
        foreach (var group in records.GroupBy(stratum).OrderBy(group => group.Key))
        {
            int[] members = [.. group.Order()];
            random.Shuffle(members);
            owed += members.Length * share;
            var count = Math.Clamp((int)Math.Round(owed), 0, members.Length);
            owed -= count;
            validation.AddRange(members[..count]);
            training.AddRange(members[count..]);
        }

        return new ValidationSplit([.. training.Order()], [.. validation.Order()]);
    }
}
