using AiAssignments.Pipeline.Evaluations;
using Spectre.Console;

namespace AiAssignments.Terminal;

/// <summary>The table of results: a row an evaluation, with intervals and the path of its HTML report.</summary>
public static class ResultsTable
{
    /// <summary>Writes the table.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="outcomes">The rows.</param>
    /// <param name="reportPath">Path of an outcome's HTML report on this machine.</param>
    public static void Write(IAnsiConsole console, IReadOnlyList<EvaluationOutcome> outcomes, Func<EvaluationOutcome, string> reportPath)
    {
        if (!console.Profile.Out.IsTerminal)
        {
            foreach (var outcome in outcomes)
            {
                console.Profile.Out.Writer.WriteLine(
                    $"{outcome.Model} on {SafeText.Of(outcome.Dataset)}: {outcome.Metric} {Estimates.Percent(outcome.Headline)}, macro F1 {Estimates.Percent(outcome.MacroF1)}, "
                    + $"{Estimates.Count(outcome.Records)} records ({Estimates.Count(outcome.Bad)} bad), {Estimates.Count(outcome.RecordsPerSecond)} records/s");
                console.Profile.Out.Writer.WriteLine($"  report: {reportPath(outcome)}");
            }

            return;
        }

        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("Model", "Dataset", "Metric", "Value [[interval]]", "Macro F1");
        table.AddColumn(new TableColumn("Records").RightAligned());
        table.AddColumn(new TableColumn("Records/s").RightAligned());
        foreach (var outcome in outcomes)
        {
            table.AddRow(
                new Text(outcome.Model),
                new Text(SafeText.Of(outcome.Dataset, 40)),
                new Text(outcome.Metric),
                new Text(Estimates.Percent(outcome.Headline)),
                new Text(Estimates.Percent(outcome.MacroF1)),
                new Text(Estimates.Count(outcome.Records)),
                new Text(Estimates.Count(outcome.RecordsPerSecond)));
        }

        console.Write(table);
        console.MarkupLine("Reports:");
        foreach (var outcome in outcomes)
        {
            // Not through the console's wrapping: a path that is broken over two lines cannot be clicked.
            console.Profile.Out.Writer.WriteLine($"  {reportPath(outcome)}");
        }
    }
}
