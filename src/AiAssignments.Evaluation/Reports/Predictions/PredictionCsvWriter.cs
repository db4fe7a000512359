using System.Globalization;
using System.Text;
using AiAssignments.Evaluation.Reports.Predictions;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports;

/// <summary>
/// Predictions as CSV (RFC 4180, UTF-8 without a byte order mark, CRLF, a header). Columns: <c>record, where, input, truth, predicted, correct, confidence, length</c>;
/// then <c>p(LABEL)</c> for each label, or for a tagging <c>words, true_tags, predicted_tags</c> joined by blanks; then <c>slice:NAME</c> for each slice column.
/// Cells that a spreadsheet would run are defused by a leading apostrophe; the Parquet file has the texts as they are.
/// </summary>
public static class PredictionCsvWriter
{
    private const int FlushAt = 1 << 16;

    /// <summary>Writes rows as they come; memory does not grow with their number.</summary>
    /// <param name="rows">The rows, in dataset order.</param>
    /// <param name="columns">What the columns are.</param>
    /// <param name="output">Where to; left open.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <returns>Number of rows written.</returns>
    public static async Task<long> WriteAsync(IAsyncEnumerable<PredictionRow> rows, PredictionColumns columns, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(output);
        var text = new StringBuilder();
        Header(text, columns);
        long count = 0;
        await foreach (var row in rows.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            Row(text, row, columns);
            count++;
            if (text.Length >= FlushAt)
            {
                await FlushAsync(text, output, cancellationToken).ConfigureAwait(false);
            }
        }

        await FlushAsync(text, output, cancellationToken).ConfigureAwait(false);
        return count;
    }

    private static async Task FlushAsync(StringBuilder text, Stream output, CancellationToken cancellationToken)
    {
        await output.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken).ConfigureAwait(false);
        text.Clear();
    }

    private static void Header(StringBuilder line, PredictionColumns columns)
    {
        line.Append("record,where,input,truth,predicted,correct,confidence,length");
        string[] rest = columns.IsTagging ? ["words", "true_tags", "predicted_tags"] : [.. columns.Labels.Select(label => $"p({label})")];
        foreach (var name in (string[])[.. rest, .. columns.SliceColumns.Select(name => "slice:" + name)])
        {
            Cell(line, name);
        }

        line.Append("\r\n");
    }

    private static void Row(StringBuilder line, PredictionRow row, PredictionColumns columns)
    {
        line.Append(CultureInfo.InvariantCulture, $"{row.Record}");
        Cell(line, row.Where);
        Cell(line, row.Input);
        Cell(line, row.Truth ?? string.Empty);
        Cell(line, row.Predicted);
        line.Append(',').Append(PredictionOutcome.IsRight(row) switch { true => "true", false => "false", null => string.Empty });
        line.Append(CultureInfo.InvariantCulture, $",{row.Confidence},{row.Length}");
        if (columns.IsTagging)
        {
            Cell(line, Joined(row.Words));
            Cell(line, Joined(row.TrueTags));
            Cell(line, Joined(row.PredictedTags));
        }
        else
        {
            for (var i = 0; i < columns.Labels.Count; i++)
            {
                line.Append(',');
                if (row.Probabilities is { } probabilities && i < probabilities.Length)
                {
                    line.Append(CultureInfo.InvariantCulture, $"{probabilities[i]}");
                }
            }
        }

        for (var i = 0; i < columns.SliceColumns.Count; i++)
        {
            Cell(line, i < row.Slices.Count ? row.Slices[i] : string.Empty);
        }

        line.Append("\r\n");
    }

    private static string Joined(IReadOnlyList<string>? words) => words is null ? string.Empty : string.Join(' ', words);

    private static void Cell(StringBuilder line, string text)
    {
        line.Append(',');
        CsvCell.Append(line, text);
    }
}
