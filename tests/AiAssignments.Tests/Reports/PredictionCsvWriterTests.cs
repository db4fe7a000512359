using System.Text;
using AiAssignments.Evaluation.Reports;
using AiAssignments.Evaluation.Reports.Predictions;
using AiAssignments.Evaluation.Results;
using FsCheck.Xunit;

namespace AiAssignments.Tests.Reports;

public sealed class PredictionCsvWriterTests
{
    [Fact]
    public async Task Rows_become_lines()
    {
        var text = await Write(PredictionRows.Texts, PredictionRows.Text(0, "good, \"very\" good"), PredictionRows.Text(1, "bad", "positive", "negative", 0.1f), PredictionRows.Text(2, "?", null));

        Assert.Equal(
            "record,where,input,truth,predicted,correct,confidence,length,p(negative),p(positive),slice:source\r\n"
            + "0,line 1,\"good, \"\"very\"\" good\",positive,positive,true,0.75,17,0.25,0.75,imdb\r\n"
            + "1,line 2,bad,positive,negative,false,0.1,3,0.9,0.1,imdb\r\n"
            + "2,line 3,?,,positive,,0.75,1,0.25,0.75,imdb\r\n",
            text);
    }

    [Fact]
    public async Task Taggings_have_words_and_tags()
    {
        var text = await Write(PredictionRows.Tags, PredictionRows.Sentence(0, ["Ada", "came"], ["B-PER", "O"], ["B-PER", "O"]), PredictionRows.Sentence(1, ["="], null, ["O"]));

        Assert.Equal(
            "record,where,input,truth,predicted,correct,confidence,length,words,true_tags,predicted_tags\r\n"
            + "0,line 1,Ada came,,,true,0.5,2,Ada came,B-PER O,B-PER O\r\n"
            + "1,line 2,\"'=\",,,,0.5,1,\"'=\",,O\r\n",
            text);
    }

    [Theory]
    [InlineData("=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\"")]
    [InlineData("+1+1", "\"'+1+1\"")]
    [InlineData("-2+3", "\"'-2+3\"")]
    [InlineData("@SUM(A1)", "\"'@SUM(A1)\"")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("\n=1", "\"'\n=1\"")]
    [InlineData("  =1", "\"'  =1\"")]
    [InlineData("\uFEFF=1", "\"'\uFEFF=1\"")]
    [InlineData("＝1", "\"'＝1\"")]
    [InlineData("-1.5e-3", "-1.5e-3")]
    [InlineData("+7", "+7")]
    [InlineData("-", "\"'-\"")]
    [InlineData("-1e", "\"'-1e\"")]
    [InlineData("a=1", "a=1")]
    [InlineData("a;b", "\"a;b\"")]
    [InlineData("a\0b", "\"a\u2400b\"")]
    [InlineData("", "")]
    public void Formulas_are_defused_and_numbers_are_not(string text, string expected)
    {
        var line = new StringBuilder();
        CsvCell.Append(line, text);
        Assert.Equal(expected, line.ToString());
    }

    [Property(MaxTest = 300)]
    public void A_field_reads_back_as_rfc_4180_says(string? text)
    {
        text ??= string.Empty;
        var line = new StringBuilder();
        CsvCell.Append(line, text);
        var field = line.ToString();

        var value = field.StartsWith('"') ? field[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : field;
        Assert.Equal((CsvCell.IsDangerous(text) ? "'" : string.Empty) + text.Replace('\0', '\u2400'), value);
        Assert.True(field.StartsWith('"') || !field.AsSpan().ContainsAny(",\"\r\n"));
    }

    [Fact]
    public async Task Hostile_labels_are_defused_in_the_header_too()
    {
        var text = await Write(PredictionRows.Texts with { Labels = ["=1", "a,b"], SliceColumns = ["=x"] }, PredictionRows.Text(0));

        Assert.Contains("p(=1),\"p(a,b)\",slice:=x\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_are_written_as_they_come_in_pieces_of_bounded_size()
    {
        IEnumerable<PredictionRow> Many()
        {
            for (var i = 0; i < 200_000; i++)
            {
                yield return PredictionRows.Text(i);
            }
        }

        using var output = new CountingStream();
        var count = await PredictionCsvWriter.WriteAsync(PredictionRows.Stream(Many()), PredictionRows.Texts, output);

        Assert.Equal(200_000, count);
        Assert.InRange(output.LargestWrite, 1, 200_000);
        Assert.True(output.Length > 10_000_000);
    }

    private static async Task<string> Write(PredictionColumns columns, params PredictionRow[] rows)
    {
        using var output = new MemoryStream();
        await PredictionCsvWriter.WriteAsync(PredictionRows.Stream(rows), columns, output);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
