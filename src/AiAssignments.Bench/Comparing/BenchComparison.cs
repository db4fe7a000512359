using AiAssignments.Bench.Table;
using AiAssignments.Core.Errors;

namespace AiAssignments.Bench.Comparing;

/// <summary>
/// Two tables side by side. A figure is worse beyond noise when its <b>best</b> round in the later table is worse than its <b>worst</b> round in the earlier one by more than the tolerance:
/// so the rounds' intervals do not overlap, and the gap between them, not the distance of their medians, exceeds the tolerance. That needs three rounds or more in both. Better is the same the other way round.
/// Figures of quality have no noise (the same records through the same model give the same numbers): for them any fall by more than <see cref="QualityTolerance"/> counts, on the same records.
/// What is neither better nor worse is not judged. A figure that the later table was to have and has not is missing, which is as bad as worse.
/// </summary>
public sealed class BenchComparison
{
    /// <summary>The tolerance unless another is asked for: a tenth.</summary>
    public const double UsualTolerance = 0.10;

    /// <summary>Difference of accuracy, precision, recall or F1 that counts: a tenth of a percentage point.</summary>
    public const double QualityTolerance = 0.001;

    /// <summary>Fewest rounds, in both tables, of a verdict on anything but quality. Of the same program two rounds of one would all lie beyond both of the other's in one case of three, either way; three in one of ten, and by a tolerance besides seldom.</summary>
    public const int FewestRounds = 3;

    private BenchComparison(double tolerance, IReadOnlyList<BenchChange> changes, IReadOnlyList<BenchRow> missing, BenchDifferences differences, int unmatched)
    {
        (Tolerance, Changes, Missing, Unmatched) = (tolerance, changes, missing, unmatched);
        (Unequal, Decides) = (differences.All, !differences.AreGrave);
    }

    /// <summary>Gap that counts, as a share.</summary>
    public double Tolerance { get; }

    /// <summary>All figures that were judged, in the order of the later table.</summary>
    public IReadOnlyList<BenchChange> Changes { get; }

    /// <summary>Figures of the earlier table that the later one was to have and has not.</summary>
    public IReadOnlyList<BenchRow> Missing { get; }

    /// <summary>What makes the tables hard to compare: another machine, other settings.</summary>
    public IReadOnlyList<string> Unequal { get; }

    /// <summary>Whether verdicts on times and throughput decide, and missing figures: not where the tables differ in machine, build or settings.</summary>
    public bool Decides { get; }

    /// <summary>Figures that only the later table has, or that were measured too seldom, or on other records.</summary>
    public int Unmatched { get; }

    /// <summary>Those that are worse beyond noise.</summary>
    public IEnumerable<BenchChange> Regressions => Changes.Where(change => change.Verdict == BenchVerdict.Worse);

    /// <summary>Those that are better beyond noise.</summary>
    public IEnumerable<BenchChange> Improvements => Changes.Where(change => change.Verdict == BenchVerdict.Better);

    /// <summary>Whether the later table is to be refused: a regression or a missing figure that decides. Of quality every regression does.</summary>
    public bool Fails => Regressions.Any(change => Decides || change.After.Figure.Section == BenchSection.Quality) || (Decides && Missing.Count > 0);

    /// <summary>Whether a table can be compared with one that is to be measured, asked before minutes are spent.</summary>
    /// <param name="before">The earlier table.</param>
    /// <param name="sections">Sections that will be measured.</param>
    /// <param name="rounds">Rounds that will be.</param>
    /// <exception cref="ProblemException"><c>bench-not-comparable</c>.</exception>
    public static void Check(BenchTable before, IReadOnlySet<BenchSection> sections, int rounds)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(sections);
        var rows = before.Rows.Where(row => sections.Contains(row.Figure.Section) && row.Figure.Better != BenchDirection.Neither).ToList();
        if (rows.Count == 0)
        {
            throw new ProblemException("bench-not-comparable", "The earlier table has no figure of what is to be measured; measure the sections that it has.");
        }

        var timed = rows.Where(row => row.Figure.Section != BenchSection.Quality).ToList();
        if (timed.Count > 0 && (rounds < FewestRounds || timed.TrueForAll(row => row.Rounds.Count < FewestRounds)))
        {
            throw new ProblemException("bench-not-comparable", $"Times and throughput are compared over {FewestRounds} rounds or more in both tables (--rounds); the earlier one has {timed.Max(row => row.Rounds.Count)}, this would have {rounds}. Quality alone (--only quality) needs one.");
        }
    }

    /// <summary>Compares.</summary>
    /// <param name="before">The earlier table.</param>
    /// <param name="after">The later one.</param>
    /// <param name="tolerance">Gap between the rounds' intervals that counts, as a share; 0 to 10.</param>
    /// <exception cref="ProblemException"><c>bench-not-comparable</c>: not one figure can be judged; <c>option-invalid</c>.</exception>
    public static BenchComparison Of(BenchTable before, BenchTable after, double tolerance = UsualTolerance)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (!(tolerance is >= 0 and <= 10))
        {
            throw new ProblemException("option-invalid", "The tolerance must be 0 to 1,000 percent.");
        }

        var known = before.Rows.ToDictionary(row => row.Figure.Id, StringComparer.Ordinal);
        var differences = new BenchDifferences(before, after);
        var changes = new List<BenchChange>();
        var unmatched = 0;
        foreach (var row in after.Rows.Where(row => row.Figure.Better != BenchDirection.Neither))
        {
            if (!known.TryGetValue(row.Figure.Id, out var earlier) || !IsJudged(earlier, row))
            {
                unmatched++;
                continue;
            }

            changes.Add(new BenchChange(earlier, row, Judge(earlier, row, tolerance)));
        }

        var missing = MissingOf(before, after);
        return changes.Count + missing.Count > 0
            ? new BenchComparison(tolerance, changes, missing, differences, unmatched)
            : throw new ProblemException("bench-not-comparable", $"The tables have no figure in common that was measured in {FewestRounds} rounds or more of both; measure the same sections.");
    }

    private static List<BenchRow> MissingOf(BenchTable before, BenchTable after)
    {
        var there = after.Rows.Select(row => row.Figure.Id).ToHashSet(StringComparer.Ordinal);
        var sections = (after.Sections ?? after.Rows.Select(row => row.Figure.Section)).ToHashSet();
        return [.. before.Rows.Where(row => row.Figure.Better != BenchDirection.Neither && sections.Contains(row.Figure.Section) && !there.Contains(row.Figure.Id) && !IsLeftOut(row))];

        // A percentile that had too few samples this time; the average stands for it.
        bool IsLeftOut(BenchRow row) => row.Figure.Name is "p95" or "p99" && there.Contains($"{row.Figure.Id[..Math.Max(0, row.Figure.Id.LastIndexOf('.'))]}.average");
    }

    private static bool IsJudged(BenchRow before, BenchRow after) =>
        before.Figure.Unit == after.Figure.Unit
        && before.Basis == after.Basis
        && (after.Figure.Section == BenchSection.Quality || (before.Rounds.Count >= FewestRounds && after.Rounds.Count >= FewestRounds));

    private static BenchVerdict Judge(BenchRow before, BenchRow after, double tolerance)
    {
        if (after.Figure.Section == BenchSection.Quality)
        {
            var change = after.Median - before.Median;
            return Math.Abs(change) <= QualityTolerance ? BenchVerdict.Same : change < 0 ? BenchVerdict.Worse : BenchVerdict.Better;
        }

        var higher = after.Figure.Better == BenchDirection.Higher;
        if (IsBeyond(after.Min, before.Max, tolerance))
        {
            return higher ? BenchVerdict.Better : BenchVerdict.Worse;
        }

        return IsBeyond(before.Min, after.Max, tolerance) ? (higher ? BenchVerdict.Worse : BenchVerdict.Better) : BenchVerdict.Same;
    }

    // Whether all of one stand above all of the other by more than the tolerance. What falls to a half has the gap that what doubles has.
    private static bool IsBeyond(double least, double most, double tolerance) => least > most * (1 + tolerance);
}
