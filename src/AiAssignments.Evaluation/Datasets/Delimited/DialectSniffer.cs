using AiAssignments.Core.Datasets;
using AiAssignments.Evaluation.Datasets.Columns;
using AiAssignments.Evaluation.Datasets.Text;

namespace AiAssignments.Evaluation.Datasets.Delimited;

/// <summary>Finds the dialect under which the head's rows have one shape.</summary>
internal static class DialectSniffer
{
    private const double EnoughShare = 0.6;

    /// <summary>The head under the dialect that fits best; <c>null</c> when none makes two columns of most rows.</summary>
    /// <param name="head">The head.</param>
    /// <param name="name">File name; tells between dialects that fit equally.</param>
    /// <param name="options">A delimiter or quoting that the user gave is not put in question.</param>
    /// <param name="forced">The user named the format: take what fits best even when it fits badly.</param>
    public static HeadRows? Sniff(TextHead head, string name, DatasetOptions options, bool forced)
    {
        HeadRows? best = null;
        var bestScore = 0.0;
        foreach (var delimiter in Delimiters(name, options))
        {
            var rows = Read(head, delimiter, options.Quoted);
            if (rows.Columns < 2 || rows.Columns > HeadRows.MaxColumns || (rows.Share < EnoughShare && !forced))
            {
                continue;
            }

            var known = rows.Rows[0].Count(ColumnNames.IsKnown);
            var score = rows.Share + (known >= 2 ? 1 : known * 0.25);
            if (best is null || score > bestScore)
            {
                (best, bestScore) = (rows, score);
            }
        }

        return best;
    }

    private static HeadRows Read(TextHead head, byte delimiter, bool? quoted)
    {
        if (quoted is { } said)
        {
            return new HeadRows(head, new Dialect(delimiter, said));
        }

        var rows = new HeadRows(head, new Dialect(delimiter, true));
        if (delimiter != '\t')
        {
            return rows;
        }

        // Tab separated text is mostly not quoted (SST-2, GLUE), and a quote that begins a sentence is then just a quote.
        var plain = new HeadRows(head, new Dialect(delimiter, false));
        return rows.HasQuotes && rows.Share >= plain.Share ? rows : plain;
    }

    private static byte[] Delimiters(string name, DatasetOptions options)
    {
        if (options.Delimiter is { } given)
        {
            return [Dialect.Checked(given)];
        }

        if (options.Format == "tsv")
        {
            return [(byte)'\t'];
        }

        return name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? ",\t;|"u8.ToArray() : "\t,;|"u8.ToArray();
    }
}
