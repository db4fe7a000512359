using System.Globalization;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Datasets.Text;

namespace AiAssignments.Evaluation.Datasets.Delimited;

/// <summary>
/// CSV and TSV with one labelled text, or pair of texts, a row: RFC 4180 quoting with line ends in quotes, LF, CRLF or CR,
/// a UTF-8 byte order mark, header found or given, delimiter found (comma, tab, semicolon, bar) or given.
/// Knows the official layouts of AG News, SST-2 and the IMDB review CSV by their content.
/// </summary>
public sealed class DelimitedFormat : IDatasetFormat
{
    private const string DataLine = "dataLine";

    private DelimitedFormat(string name) => Name = name;

    /// <summary><c>csv</c>: any delimiter but a tab, unless the user says so.</summary>
    public static DelimitedFormat Csv { get; } = new("csv");

    /// <summary><c>tsv</c>: a tab.</summary>
    public static DelimitedFormat Tsv { get; } = new("tsv");

    /// <inheritdoc />
    public string Name { get; }

    /// <inheritdoc />
    public async ValueTask<DatasetDescription?> RecognizeAsync(IDataSource source, DatasetOptions options, CancellationToken cancellationToken)
    {
        var forced = options.Format == Name;
        if (!forced && (options.Format is not null || options.Task is not (null or ModelTask.TextClassification)))
        {
            return null;
        }

        if (options.Task is not (null or ModelTask.TextClassification))
        {
            throw new ProblemException("dataset-task", $"A {Name} dataset holds records for {ModelTask.TextClassification.Name()}, not for {options.Task.Value.Name()}.");
        }

        var head = await TextHead.ReadAsync(source, cancellationToken).ConfigureAwait(false);
        if (head.IsBinary)
        {
            return forced ? throw new ProblemException("dataset-not-text", $"The file is not text, so it cannot be read as {Name}.") : null;
        }

        if (head.IsOneHugeLine)
        {
            throw TextHead.Huge();
        }

        var rows = DialectSniffer.Sniff(head, source.Name, options, forced);
        if (rows is null && !head.IsWhole && head.Bytes[head.Start] == Dialect.Quote)
        {
            head = await TextHead.ReadWideAsync(source, cancellationToken).ConfigureAwait(false);
            rows = DialectSniffer.Sniff(head, source.Name, options, forced) ?? throw FirstQuoteOpen(head);
        }

        if (rows is null)
        {
            return forced ? throw Unreadable(head, options) : null;
        }

        if (!forced && rows.Dialect.Delimiter == '\t' != (Name == "tsv"))
        {
            return null;
        }

        return TableLayout.Of(rows, options, forced) is { } layout ? Describe(head, rows, layout) : null;
    }

    /// <inheritdoc />
    /// <exception cref="ProblemException"><c>dataset-empty</c>, <c>csv-quote-unclosed</c>.</exception>
    public ValueTask<ShardPlan> PlanAsync(IDataSource source, DatasetDescription description, int shardRecords, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shardRecords, 1);
        var line = description.Details.TryGetValue(DataLine, out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : 1;
        return TextShardPlanner.PlanAsync(source, new DelimitedScanner(Dialect.Of(description), description.DataStart, line, shardRecords), progress, cancellationToken);
    }

    /// <inheritdoc />
    /// <exception cref="ProblemException"><c>dataset-changed</c>.</exception>
    public IAsyncEnumerable<RecordBatch> ReadAsync(IDataSource source, DatasetDescription description, Shard shard, CancellationToken cancellationToken) =>
        TextShardReader.ReadAsync(source, shard, new DelimitedParser(description, shard), cancellationToken);

    private DatasetDescription Describe(TextHead head, HeadRows rows, TableLayout layout)
    {
        var start = head.Start;
        var line = 1L;
        if (layout.Header)
        {
            start = rows.FirstRowEnd;
            if (start < head.Bytes.Length && head.Bytes[start] == '\r')
            {
                start++;
            }

            if (start < head.Bytes.Length && head.Bytes[start] == '\n')
            {
                start++;
            }

            var scanner = new DelimitedScanner(rows.Dialect, head.Start, 1, 1);
            scanner.Feed(head.Bytes.AsSpan(head.Start, start - head.Start));
            line = scanner.CurrentLine;
        }

        return new DatasetDescription
        {
            Format = Name,
            Layout = layout.Layout,
            Task = ModelTask.TextClassification,
            Columns = layout.Columns,
            InputColumn = layout.Roles.Input,
            InputTailColumn = layout.Roles.Tail,
            PairColumn = layout.Roles.Pair,
            LabelColumn = layout.Roles.Label,
            SliceColumns = layout.Roles.Slices,
            Delimiter = (char)rows.Dialect.Delimiter,
            Quoted = rows.Dialect.Quoted,
            Header = layout.Header,
            DataStart = start,
            Details = new Dictionary<string, string> { [DataLine] = line.ToString(CultureInfo.InvariantCulture) },
        };
    }

    private static ProblemException FirstQuoteOpen(TextHead head) => new(
        "csv-quote-unclosed",
        $"The file begins with a quote, and no row of two or more fields ends within the next {head.Bytes.Length} bytes: the quote is probably never closed. Close it, or double it (\"\") where it is part of the text.",
        $"line 1, byte {head.Start}");

    private ProblemException Unreadable(TextHead head, DatasetOptions options)
    {
        var delimiters = options.Delimiter is { } given ? Dialect.Name((byte)given) : Name == "tsv" ? "a tab" : "any of , ; | or a tab";
        return head.Bytes[head.Start..].AsSpan().TrimStart("\r\n"u8).IsEmpty
            ? new ProblemException("dataset-empty", "The file holds line ends only.")
            : new ProblemException("csv-one-column", $"No rows of two or more fields are found with {delimiters} between them; a text and a label are needed. Say which character delimits the fields.", "line 1");
    }
}
