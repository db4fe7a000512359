using System.Text;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Datasets.Delimited;
using AiAssignments.Evaluation.Datasets.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AiAssignments.Tests.Datasets.Delimited;

public class DelimitedPropertyTests
{
    private const string Alphabet = "ab \"\"\",,;\t\n\r\r\n\u00e9\u65e5\U0001F600xyzw\\'";

    private static DatasetDescription Table(char delimiter, bool quoted, int columns = 2) => new()
    {
        Format = "csv",
        Task = ModelTask.TextClassification,
        Columns = [.. Enumerable.Range(0, columns).Select(i => $"c{i}")],
        InputColumn = "c0",
        LabelColumn = "c1",
        Delimiter = delimiter,
        Quoted = quoted,
    };

    /// <summary>A writer that shares nothing with the reader: RFC 4180, quoting at random where it is not needed.</summary>
    private static string Write(IEnumerable<(string Text, string Label)> rows, char delimiter, System.Random random)
    {
        var csv = new StringBuilder();
        foreach (var (text, label) in rows)
        {
            csv.Append(Cell(text)).Append(delimiter).Append(Cell(label)).Append(random.Next(3) switch { 0 => "\n", 1 => "\r\n", _ => "\r" });
        }

        return csv.ToString();

        string Cell(string value) => random.Next(2) == 0 || value.Any(c => c is '"' or '\r' or '\n' || c == delimiter) || value.Length == 0
            ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : value;
    }

    [Property(MaxTest = 300)]
    public void What_was_written_is_read(int seed, byte shard)
    {
        var random = new System.Random(seed);
        var letters = Alphabet.EnumerateRunes().ToArray();
        var rows = Enumerable.Range(0, random.Next(1, 60)).Select(_ => (
            Text: string.Concat(Enumerable.Range(0, random.Next(random.Next(2) == 0 ? 8 : 200)).Select(_ => letters[random.Next(letters.Length)])),
            Label: $"l{random.Next(4)}")).ToList();
        var delimiter = ",;\t|"[random.Next(4)];
        var source = new MemoryDataSource(Write(rows, delimiter, random), "data", random.Next(1, 300));
        var shardRecords = (shard % 20) + 1;

        var reading = DatasetReading.OfAsync(source, DelimitedFormat.Csv, Table(delimiter, true), shardRecords).Result;

        Assert.Empty(reading.Errors);
        Assert.Equal(rows, reading.Texts.Select(text => (text.Text, text.Label!)));
        reading.AssertCovers(source.Length, shardRecords);
    }

    /// <summary>On any text, also malformed: plan and reader find the same records at the same bytes and lines, whatever the pieces and shards.</summary>
    [Property(MaxTest = 1500)]
    public void Plan_and_reader_agree(int seed)
    {
        var random = new System.Random(seed);
        var alphabet = random.Next(3) switch { 0 => "\",\na", 1 => "\"\",\r\nabc", _ => "\",\r\n\0\u00e9aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };
        var text = string.Concat(Enumerable.Range(0, random.Next(1, 700)).Select(_ => alphabet[random.Next(alphabet.Length)]));
        var bytes = Encoding.Latin1.GetBytes(text);
        var table = Table(',', random.Next(4) > 0);
        var shardRecords = random.Next(1, 12);
        DatasetReading whole;
        DatasetReading cut;
        try
        {
            whole = DatasetReading.OfAsync(new MemoryDataSource(bytes), DelimitedFormat.Csv, table, int.MaxValue).GetAwaiter().GetResult();
            cut = DatasetReading.OfAsync(new MemoryDataSource(bytes, "data", random.Next(1, 100)), DelimitedFormat.Csv, table, shardRecords).GetAwaiter().GetResult();
        }
        catch (ProblemException problem) when (problem.Problem.Code is "dataset-empty" or "csv-quote-unclosed")
        {
            return;
        }

        cut.AssertCovers(bytes.Length, shardRecords);
        Assert.Equal(whole.Records.Select(record => record.ToString()), cut.Records.Select(record => record.ToString()));
        Assert.Equal(whole.Errors, cut.Errors);
        Assert.Equal(cut.Plan.Shards.Select(shard => (shard.ByteStart, shard.FirstLine)), Positions(whole).Where(p => p.Index % shardRecords == 0).Select(p => (p.ByteOffset, p.Line!.Value)));
        Assert.Equal(Reference(bytes, Dialect.Of(table)), Positions(whole).Select(p => (p.ByteOffset, p.Line!.Value)));
    }

    [Property(MaxTest = 500)]
    public void Parity_by_carryless_multiplication_is_parity_by_shifts(ulong bits)
    {
        var parity = 0UL;
        for (int i = 0, odd = 0; i < 64; i++)
        {
            odd ^= (int)(bits >> i & 1);
            parity |= (ulong)odd << i;
        }

        Assert.Equal(parity, BlockMasks.PrefixXor(bits));
        Assert.Equal(parity, BlockMasks.PrefixXorPortable(bits));
    }

    private static IEnumerable<RecordPosition> Positions(DatasetReading reading) =>
        reading.Records.Select(record => record.Position).Concat(reading.Errors.Select(error => error.Position)).OrderBy(position => position.Index);

    /// <summary>Row starts by the grammar, a byte at a time.</summary>
    private static List<(long Offset, long Line)> Reference(byte[] bytes, Dialect dialect)
    {
        var starts = new List<(long, long)>();
        var state = RowState.BetweenRows;
        var line = 1L;
        for (var i = 0; i < bytes.Length; i++)
        {
            var next = state.Next(bytes[i], dialect);
            if (state == RowState.BetweenRows && next != state)
            {
                starts.Add((i, line));
            }

            line += bytes[i] == '\r' || (bytes[i] == '\n' && (i == 0 || bytes[i - 1] != '\r')) ? 1 : 0;
            state = next;
        }

        return starts;
    }
}
