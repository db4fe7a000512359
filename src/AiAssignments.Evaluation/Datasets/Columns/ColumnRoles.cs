using System.Globalization;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;

namespace AiAssignments.Evaluation.Datasets.Columns;

/// <summary>Which column plays which part. What the user says wins; then the columns' names.</summary>
/// <param name="Input">The text.</param>
/// <param name="Tail">More of the text.</param>
/// <param name="Pair">The second text.</param>
/// <param name="Label">The label.</param>
/// <param name="Slices">Columns kept with each record.</param>
internal sealed record ColumnRoles(string? Input, string? Tail, string? Pair, string? Label, IReadOnlyList<string> Slices)
{
    /// <summary>Finds the parts of a text classification dataset; those not found are <c>null</c>.</summary>
    /// <param name="columns">The data's columns.</param>
    /// <param name="options">What the user said.</param>
    /// <exception cref="ProblemException"><c>column-missing</c>: the user named a column that is not there.</exception>
    public static ColumnRoles OfText(IReadOnlyList<string> columns, DatasetOptions options)
    {
        var label = Named(columns, options.LabelColumn, "label");
        var input = Named(columns, options.InputColumn, "input");
        var second = Named(columns, options.PairColumn, "pair");
        string? tail = null;
        if (input is null && second is null)
        {
            foreach (var (first, other) in ColumnNames.Pairs)
            {
                if (input is null && ColumnNames.Find(columns, first) is { } a && ColumnNames.Find(columns, other) is { } b && a != label && b != label)
                {
                    (input, second) = (a, b);
                }
            }
        }

        var free = columns.Where(column => column != label && column != second).ToList();
        if (input is null && second is null && ColumnNames.First(free, ColumnNames.Texts) is { } text
            && string.Equals(text, "title", StringComparison.OrdinalIgnoreCase))
        {
            tail = ColumnNames.Find(free, "description");
        }

        input ??= ColumnNames.First(free, ColumnNames.Texts);
        label ??= ColumnNames.First([.. columns.Where(column => column != input && column != second && column != tail)], ColumnNames.Labels);
        return new ColumnRoles(input, tail, second, label, [.. options.SliceColumns.Select(name => Named(columns, name, "slice")!)]);
    }

    /// <summary>The column that the user means.</summary>
    /// <param name="columns">The data's columns.</param>
    /// <param name="wanted">A name, or a 0-based index as digits.</param>
    /// <param name="role">What it is wanted for.</param>
    /// <returns><c>null</c> when the user said nothing.</returns>
    /// <exception cref="ProblemException"><c>column-missing</c>.</exception>
    public static string? Named(IReadOnlyList<string> columns, string? wanted, string role)
    {
        if (wanted is null)
        {
            return null;
        }

        var name = columns.FirstOrDefault(column => column == wanted)
            ?? columns.FirstOrDefault(column => string.Equals(column.Trim(), wanted.Trim(), StringComparison.OrdinalIgnoreCase));
        if (name is null && int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < columns.Count)
        {
            name = columns[index];
        }

        return name ?? throw new ProblemException("column-missing", $"There is no column '{wanted}' for the {role}; the columns are {List(columns)}. Give a name, or a 0-based index.");
    }

    /// <summary>The problem of columns whose parts cannot be told.</summary>
    /// <param name="columns">The data's columns.</param>
    /// <param name="missing">What was not found: <c>text</c> or <c>label</c>.</param>
    public static ProblemException Unclear(IReadOnlyList<string> columns, string missing) => new(
        "dataset-columns-unclear",
        $"Which column holds the {missing} cannot be told; the columns are {List(columns)}. Say which one is the input and which one the label, by name or 0-based index.");

    private static string List(IReadOnlyList<string> columns) =>
        string.Join(", ", columns.Take(20).Select(column => $"'{(column.Length > 40 ? column[..40] + "…" : column)}'")) + (columns.Count > 20 ? $" and {columns.Count - 20} more" : string.Empty);
}
