using System.Globalization;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Datasets.Columns;

namespace AiAssignments.Evaluation.Datasets.Delimited;

/// <summary>What the columns of a table are, told from its first rows.</summary>
/// <param name="Layout">Name of a known layout.</param>
/// <param name="Header">The first row is a header.</param>
/// <param name="Columns">Unique names in order; digits where there is no header and no known layout.</param>
/// <param name="Roles">Which column plays which part.</param>
internal sealed record TableLayout(string? Layout, bool Header, IReadOnlyList<string> Columns, ColumnRoles Roles)
{
    private const int LongestName = 64;
    private const int LongestLabel = 40;

    /// <summary>Tells the layout, or <c>null</c> when this is probably no table of labelled texts.</summary>
    /// <param name="rows">The first rows.</param>
    /// <param name="options">What the user said.</param>
    /// <param name="forced">The user named the format: say what is unclear rather than give up.</param>
    /// <exception cref="ProblemException"><c>column-missing</c>, <c>dataset-columns-unclear</c>.</exception>
    public static TableLayout? Of(HeadRows rows, DatasetOptions options, bool forced)
    {
        var header = options.Header ?? IsHeader(rows, options);
        var data = rows.Data(header).ToList();
        var classes = data.Count > 0 && data.TrueForAll(row => IsInteger(row[0], 1, 4));
        var topics = !header && classes && rows.Columns is 2 or 3 && data.TrueForAll(row => row[^1].Length > 1 && !IsInteger(row[^1], 0, int.MaxValue));
        string[] columns = header ? Unique(rows.Rows[0], rows.Columns)
            : topics ? (rows.Columns == 2 ? ["class", "text"] : ["class", "title", "description"])
            : [.. Enumerable.Range(0, rows.Columns).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        var roles = ColumnRoles.OfText(columns, options);
        if (rows.Columns == 2)
        {
            roles = OfTwo(columns, roles, data, certain: forced || header);
        }

        if (roles.Input is null || roles.Label is null)
        {
            // A header with a known name is a table beyond doubt; so is what the user calls one.
            return forced || roles.Input is not null || roles.Label is not null || (header && rows.Share > 0.9)
                ? throw ColumnRoles.Unclear(columns, roles.Input is null ? "text" : "label")
                : null;
        }

        var names = string.Join(',', columns).ToLowerInvariant();
        var layout = topics || (classes && names is "class index,title,description" or "class,title,description") ? "AG News"
            : names == "sentence,label" && rows.Dialect.Delimiter == '\t' ? "SST-2"
            : names == "review,sentiment" ? "IMDB reviews"
            : null;
        return new TableLayout(layout, header, columns, roles);
    }

    private static bool IsHeader(HeadRows rows, DatasetOptions options)
    {
        var first = rows.Rows[0];
        if (first.Length != rows.Columns || Array.Exists(first, cell => cell.Length > LongestName) || first.Distinct().Count() < first.Length)
        {
            return false;
        }

        if (first.Any(ColumnNames.IsKnown)
            || Array.Exists(first, cell => cell.Length > 0 && !IsInteger(cell, 0, int.MaxValue) && (cell == options.InputColumn || cell == options.LabelColumn)))
        {
            return true;
        }

        // A column of numbers under a word.
        var data = rows.Data(header: true).ToList();
        return data.Count > 0 && Array.TrueForAll(first, cell => cell.Trim().Length > 0 && !IsNumber(cell))
            && Enumerable.Range(0, first.Length).Any(i => data.TrueForAll(row => IsNumber(row[i])));
    }

    /// <summary>Of two columns, one left is the other's partner; with no name known, the longer is the text and the other must look like a label.</summary>
    private static ColumnRoles OfTwo(string[] columns, ColumnRoles roles, List<string[]> data, bool certain)
    {
        if (roles.Input is not null || roles.Label is not null)
        {
            var known = roles.Input ?? roles.Label;
            var other = columns[0] == known ? columns[1] : columns[0];
            return roles.Pair is not null ? roles : roles with { Input = roles.Input ?? other, Label = roles.Label ?? other };
        }

        if (data.Count == 0)
        {
            return roles;
        }

        var label = data.Sum(row => (long)row[0].Length) <= data.Sum(row => (long)row[1].Length) ? 0 : 1;
        var spellings = data.Select(row => row[label]).Distinct().ToList();
        return spellings.TrueForAll(spelling => spelling.Length is > 0 and <= LongestLabel) && (certain || spellings.Count <= Math.Max(2, data.Count / 2))
            ? roles with { Input = columns[1 - label], Label = columns[label] }
            : roles;
    }

    private static string[] Unique(string[] header, int columns)
    {
        var seen = new HashSet<string>();
        var names = new string[columns];
        for (var i = 0; i < columns; i++)
        {
            var name = i < header.Length && header[i].Trim().Length > 0 ? header[i].Trim() : i.ToString(CultureInfo.InvariantCulture);
            var unique = name;
            for (var n = 2; !seen.Add(unique); n++)
            {
                unique = $"{name}#{n}";
            }

            names[i] = unique;
        }

        return names;
    }

    private static bool IsInteger(string cell, int low, int high) =>
        int.TryParse(cell, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var value) && value >= low && value <= high;

    private static bool IsNumber(string cell) => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
