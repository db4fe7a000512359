using System.Text;
using AiAssignments.Evaluation.Datasets.Text;

namespace AiAssignments.Evaluation.Datasets.Delimited;

/// <summary>The first rows of a dataset as one dialect reads them.</summary>
internal sealed class HeadRows
{
    /// <summary>More columns than this are no dataset of texts.</summary>
    public const int MaxColumns = 1024;

    private const int MaxRows = 1000;
    private readonly List<string[]> rows = [];

    /// <summary>Reads whole rows only, unless the head is the whole dataset.</summary>
    /// <param name="head">The head.</param>
    /// <param name="dialect">The dialect.</param>
    public HeadRows(TextHead head, Dialect dialect)
    {
        Dialect = dialect;
        var row = new Row(dialect, MaxColumns);
        var at = head.Start;
        var shapes = new Dictionary<int, int>();
        var odd = 0;
        while (rows.Count < MaxRows && row.TryRead(head.Bytes, at, head.IsWhole) == RowStatus.Row)
        {
            at = row.End;
            if (row.OpenQuote >= 0)
            {
                break;
            }

            if (rows.Count == 0)
            {
                FirstRowEnd = row.End;
                FirstRowStart = row.Start;
            }

            odd += row.TextAfterQuote >= 0 ? 1 : 0;
            shapes[row.Count] = shapes.GetValueOrDefault(row.Count) + 1;
            HasQuotes |= row.HasQuotes;
            rows.Add(Cells(head.Bytes, row));
        }

        if (rows.Count > 0)
        {
            // The first row tells between shapes that are equally frequent.
            var (columns, count) = shapes.OrderByDescending(shape => shape.Value).ThenByDescending(shape => shape.Key == rows[0].Length).ThenBy(shape => shape.Key).First();
            Columns = columns;
            Share = (double)Math.Max(0, count - odd) / rows.Count;
        }
    }

    /// <summary>The dialect they were read with.</summary>
    public Dialect Dialect { get; }

    /// <summary>The rows; cells decoded leniently.</summary>
    public IReadOnlyList<string[]> Rows => rows;

    /// <summary>The most frequent number of fields.</summary>
    public int Columns { get; }

    /// <summary>Share of the rows that have <see cref="Columns"/> fields and no stray text behind quotes; 0..1.</summary>
    public double Share { get; }

    /// <summary>Some field is quoted.</summary>
    public bool HasQuotes { get; }

    /// <summary>First byte of the first row.</summary>
    public int FirstRowStart { get; }

    /// <summary>Where the first row's content ends.</summary>
    public int FirstRowEnd { get; }

    /// <summary>Rows with the usual number of fields, without the header.</summary>
    /// <param name="header">The first row is a header.</param>
    public IEnumerable<string[]> Data(bool header) => rows.Skip(header ? 1 : 0).Where(row => row.Length == Columns);

    private static string[] Cells(byte[] bytes, Row row)
    {
        var cells = new string[Math.Min(row.Count, MaxColumns + 1)];
        for (var i = 0; i < cells.Length; i++)
        {
            var field = i < MaxColumns ? row[i] : default;
            var text = Encoding.UTF8.GetString(bytes, field.Start, field.Length);
            cells[i] = field.Escaped ? text.Replace("\"\"", "\"", StringComparison.Ordinal) : text;
        }

        return cells;
    }
}
