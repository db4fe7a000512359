using AiAssignments.Bench.Table;
using AiAssignments.Core.Errors;

namespace AiAssignments.Bench.Comparing;

/// <summary>
/// Two tables side by side. A figure is worse beyond noise when its <b>best</b> round in the later table is worse than its <b>worst</b> round in the earlier one by more than the tolerance:
/// so the rounds' intervals do not overlap, and the gap between them, not the distance of their medians, exceeds the tolerance. That needs two rounds or more in both. Better is the same the other way round.
/// Figures of quality have no noise (the same records through the same model give the same numbers): for them any fall by more than <see cref="QualityTolerance"/> counts.
/// Figures of resources, which are neither better nor worse, are not judged.
/// </summary>
public sealed class BenchComparison
{
    /// <summary>The tolerance unless another is asked for: a tenth.</summary>
    public const double UsualTolerance = 0.10;

    /// <summary>Difference of accuracy, precision, recall or F1 that counts: a tenth of a percentage point.</summary>
    public const double QualityTolerance = 0.001;

    private BenchComparison(double tolerance, IReadOnlyList<BenchChange> changes, IReadOnlyList<string> unequal, int unmatched) =>
        (Tolerance, Changes, Unequal, Unmatched) = (tolerance, changes, unequal, unmatched);

    /// <summary>Gap that counts, as a share.</summary>
    public double Tolerance { get; }

    /// <summary>All figures that were judged, in the order of the later table.</summary>
    public IReadOnlyList<BenchChange> Changes { get; }

    /// <summary>What makes the tables hard to compare: another machine, other settings.</summary>
    public IReadOnlyList<string> Unequal { get; }

    /// <summary>Figures that only one of them has, or that were measured once.</summary>
    public int Unmatched { get; }

    /// <summary>Those that are worse beyond noise.</summary>
    public IEnumerable<BenchChange> Regressions => Changes.Where(change => change.Verdict == BenchVerdict.Worse);

    /// <summary>Those that are better beyond noise.</summary>
    public IEnumerable<BenchChange> Improvements => Changes.Where(change => change.Verdict == BenchVerdict.Better);

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
        var changes = new List<BenchChange>();
        var unmatched = before.Rows.Count(row => !after.Rows.Any(other => other.Figure.Id == row.Figure.Id));
        foreach (var row in after.Rows.Where(row => row.Figure.Better != BenchDirection.Neither))
        {
            if (!known.TryGetValue(row.Figure.Id, out var earlier) || !IsJudged(earlier, row))
            {
                unmatched++;
                continue;
            }

            changes.Add(new BenchChange(earlier, row, Judge(earlier, row, tolerance)));
        }

        return changes.Count > 0
            ? new BenchComparison(tolerance, changes, [.. Differences(before, after)], unmatched)
            : throw new ProblemException("bench-not-comparable", "The tables have no figure in common that was measured in two rounds or more of both; measure the same sections.");
    }

    private static bool IsJudged(BenchRow before, BenchRow after) =>
        before.Figure.Unit == after.Figure.Unit && (after.Figure.Section == BenchSection.Quality || (before.Rounds.Count > 1 && after.Rounds.Count > 1));

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

    private static IEnumerable<string> Differences(BenchTable before, BenchTable after)
    {
        if (before.Machine.Processor != after.Machine.Processor || before.Machine.Cores != after.Machine.Cores)
        {
            yield return $"The machines differ: {before.Machine.Cores} × {before.Machine.Processor} before, {after.Machine.Cores} × {after.Machine.Processor} now.";
        }

        if (before.Quick != after.Quick)
        {
            yield return "One of the tables is of --quick, with shorter runs.";
        }

        if (before.Installation == "private" != (after.Installation == "private"))
        {
            yield return "One of the tables is of a private installation, the other of a running one.";
        }

        foreach (var (id, load) in after.Loads.OrderBy(load => load.Key, StringComparer.Ordinal))
        {
            if (before.Loads.TryGetValue(id, out var other) && other != load)
            {
                yield return FormattableString.Invariant($"The load of {id} differs: {other.PerSecond:N0} requests/s over {other.Connections:N0} connections before, {load.PerSecond:N0} over {load.Connections:N0} now.");
            }
        }
    }
}
