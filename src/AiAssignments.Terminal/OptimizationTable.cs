using AiAssignments.Evaluation.Results;
using AiAssignments.Pipeline.Optimizations;
using Spectre.Console;

namespace AiAssignments.Terminal;

/// <summary>What an optimization gained and lost: a row a figure, old beside new.</summary>
public static class OptimizationTable
{
    private const string Untold = "too little to tell";

    /// <summary>Writes the verdict, the table and the path of the report.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="outcome">The outcome.</param>
    /// <param name="reportPath">Path of its HTML report on this machine.</param>
    public static void Write(IAnsiConsole console, OptimizationOutcome outcome, string reportPath)
    {
        var writer = console.Profile.Out.Writer;
        writer.WriteLine(SafeText.Of(outcome.Verdict, 1000));
        var rows = Rows(outcome).ToList();
        if (console.Profile.Out.IsTerminal)
        {
            var table = new Table().Border(TableBorder.Rounded);
            table.AddColumn(string.Empty);
            foreach (var column in new[] { SafeText.Of(outcome.Model, 40), SafeText.Of(outcome.Candidate, 60), "Change" })
            {
                table.AddColumn(new TableColumn(new Text(column)).RightAligned());
            }

            foreach (var (name, before, after, change) in rows)
            {
                table.AddRow(new Text(name), new Text(before), new Text(after), new Text(change));
            }

            console.Write(table);
        }
        else
        {
            writer.WriteLine($"  {outcome.Model} -> {outcome.Candidate}");
            foreach (var (name, before, after, change) in rows)
            {
                writer.WriteLine($"  {name}: {before} -> {after} ({change})");
            }
        }

        if (outcome.Promoted)
        {
            writer.WriteLine($"'{outcome.Model[..outcome.Model.IndexOf('@', StringComparison.Ordinal)]}' stands for it now.");
        }
        else if (!outcome.Accepted)
        {
            writer.WriteLine("It is kept to be looked at, and not served.");
        }

        writer.WriteLine($"  report: {reportPath}");
    }

    private static IEnumerable<(string Name, string Before, string After, string Change)> Rows(OptimizationOutcome outcome)
    {
        foreach (var difference in outcome.Differences)
        {
            yield return (difference.Metric, Percent(difference.A), Percent(difference.B), Points(difference.Difference));
        }

        var (before, after) = (outcome.Before, outcome.After);
        yield return ("size", Megabytes(before.SizeBytes), Megabytes(after.SizeBytes), Ratio(after.SizeBytes, before.SizeBytes));
        yield return ("size, gzip", Megabytes(before.CompressedBytes), Megabytes(after.CompressedBytes), Ratio(after.CompressedBytes, before.CompressedBytes));
        yield return (
            "memory",
            before.MemoryBytes is { } memoryBefore ? Megabytes(memoryBefore) : Untold,
            after.MemoryBytes is { } memoryAfter ? Megabytes(memoryAfter) : Untold,
            before.MemoryBytes is { } memoryA && after.MemoryBytes is { } memoryB ? Ratio(memoryB, memoryA) : "undefined");

        foreach (var (old, made) in before.Batches.Zip(after.Batches))
        {
            yield return (
                FormattableString.Invariant($"batch {old.Batch}, median"),
                FormattableString.Invariant($"{old.P50Milliseconds:F2} ms"),
                FormattableString.Invariant($"{made.P50Milliseconds:F2} ms"),
                FormattableString.Invariant($"{old.P50Milliseconds / made.P50Milliseconds:F2} times as fast"));
        }
    }

    private static string Percent(double? share) => share is { } known ? FormattableString.Invariant($"{known * 100:F2} %") : "undefined";

    private static string Points(MetricEstimate difference) => difference switch
    {
        { Value: { } value, Lower: { } lower, Upper: { } upper } => FormattableString.Invariant($"{value * 100:+0.00;-0.00;0.00} points, {lower * 100:+0.00;-0.00;0.00} to {upper * 100:+0.00;-0.00;0.00}"),
        { Value: { } value } => FormattableString.Invariant($"{value * 100:+0.00;-0.00;0.00} points"),
        _ => "undefined",
    };

    private static string Megabytes(long bytes) => FormattableString.Invariant($"{bytes / 1e6:F2} MB");

    private static string Ratio(long after, long before) => before > 0 ? FormattableString.Invariant($"x {(double)after / before:F2}") : "undefined";
}
