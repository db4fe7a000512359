using System.Globalization;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Datasets.Inspection;
using AiAssignments.Terminal;

namespace AiAssignments.Cli;

/// <summary>A dataset's inspection as lines for a person.</summary>
internal static class InspectionView
{
    private const int LabelsShown = 20;

    public static void Write(TextWriter output, DatasetInspection inspection)
    {
        var description = inspection.Description;
        Line("format", description.Layout is { } layout ? $"{description.Format} ({layout})" : description.Format);
        Line("task", description.Task.Name());
        if (description.Columns.Count > 0)
        {
            Line("columns", string.Join(", ", description.Columns.Select(column => SafeText.Of(column))));
        }

        Line("input", Join(description.InputColumn, description.InputTailColumn, description.PairColumn));
        Line("label", Join(description.LabelColumn));
        if (description.LabelNames.Count > 0)
        {
            Line("declared", SafeText.Of(string.Join(", ", description.LabelNames), 500));
        }

        Line("records", $"{Estimates.Count(inspection.RecordCount)} ({Estimates.Count(inspection.BadRecordCount)} bad, {Estimates.Count(inspection.UnlabelledCount)} without a label)");
        if (inspection.Lengths is { } lengths)
        {
            Line("lengths", string.Create(CultureInfo.InvariantCulture, $"{lengths.Min} to {lengths.Max} {lengths.Unit}, median {lengths.P50}, 95th percentile {lengths.P95}"));
        }

        foreach (var (label, count) in inspection.LabelCounts.Take(LabelsShown))
        {
            output.WriteLine($"  {SafeText.Of(label, 40),-40} {Estimates.Count(count),12}");
        }

        if (inspection.LabelCounts.Count > LabelsShown)
        {
            output.WriteLine($"  and {inspection.LabelCounts.Count - LabelsShown} more labels");
        }

        if (inspection.LabelProblem is { } problem)
        {
            output.WriteLine($"labels: {SafeText.Of(problem.ToString(), 500)}");
        }

        foreach (var error in inspection.FirstErrors)
        {
            output.WriteLine($"{SafeText.Of(error.Position.ToString(), 200)}: {SafeText.Of(error.Message, 500)} [{error.Code}]");
        }

        void Line(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                output.WriteLine($"{name + ":",-10} {value}");
            }
        }
    }

    private static string Join(params string?[] columns) => string.Join(" + ", columns.OfType<string>().Select(column => SafeText.Of(column)));
}
