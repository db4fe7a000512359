using System.Text;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;

namespace AiAssignments.Tests.Datasets.Delimited;

public class DelimitedFormatTests
{
    [Fact]
    public async Task Quotes_and_line_ends_in_quotes_are_text()
    {
        var reading = await DatasetReading.OfAsync("text,label\r\n\"a, \"\"b\"\"\nc\",pos\r\nplain 5\" pipe,neg\r\n\"\",pos\r\n");

        Assert.Equal("csv", reading.Description.Format);
        Assert.Equal(["a, \"b\"\nc", "plain 5\" pipe", ""], reading.Texts.Select(text => text.Text));
        Assert.Equal(["pos", "neg", "pos"], reading.Texts.Select(text => text.Label));
        Assert.Equal([2L, 4, 5], reading.Records.Select(record => record.Position.Line!.Value));
        Assert.Equal([12L, 30, 49], reading.Records.Select(record => record.Position.ByteOffset));
        Assert.Empty(reading.Errors);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public async Task Every_line_end_ends_a_row_and_blank_lines_are_no_rows(string end)
    {
        var reading = await DatasetReading.OfAsync(string.Join(end, "", "text,label", "", "one,1", "", "", "two,0", "three,1"), shardRecords: 1);

        Assert.Equal(["one", "two", "three"], reading.Texts.Select(text => text.Text));
        Assert.Equal([4L, 7, 8], reading.Records.Select(record => record.Position.Line!.Value));
        Assert.Equal([4L, 7, 8], reading.Plan.Shards.Select(shard => shard.FirstLine));
    }

    [Fact]
    public async Task Byte_order_mark_is_no_part_of_the_first_column()
    {
        var reading = await DatasetReading.OfAsync(new MemoryDataSource([.. "\uFEFF"u8, .. "label;text\n1;günstig\n0;teuer\n"u8]));

        Assert.Equal(["label", "text"], reading.Description.Columns);
        Assert.Equal(';', reading.Description.Delimiter);
        Assert.Equal("günstig", reading.Texts.First().Text);
    }

    [Fact]
    public async Task Byte_order_mark_without_header()
    {
        var reading = await DatasetReading.OfAsync(new MemoryDataSource([.. "\uFEFF"u8, .. "\"3\",\"Wall St.\"\n\"4\",\"New chip\"\n"u8]));

        Assert.Equal("AG News", reading.Description.Layout);
        Assert.Equal("3", reading.Texts.First().Label);
        Assert.Equal(3, reading.Records[0].Position.ByteOffset);
    }

    [Fact]
    public async Task Official_AG_News_has_class_title_description_and_no_header()
    {
        var reading = await DatasetReading.OfAsync("\"3\",\"Oil\",\"Prices, \"\"up\"\"\"\n\"4\",\"Chips\",\"Faster\"\n\"1\",\"Vote\",\"Held\"\n\"2\",\"Cup\",\"Won\"\n");

        Assert.Equal("AG News", reading.Description.Layout);
        Assert.False(reading.Description.Header);
        Assert.Equal(["class", "title", "description"], reading.Description.Columns);
        Assert.Equal(["Oil Prices, \"up\"", "Chips Faster", "Vote Held", "Cup Won"], reading.Texts.Select(text => text.Text));
        Assert.Equal(["3", "4", "1", "2"], reading.Texts.Select(text => text.Label));
    }

    [Fact]
    public async Task SST2_is_not_quoted()
    {
        var reading = await DatasetReading.OfAsync("sentence\tlabel\n\"begins, with a quote \t1\n'' two \t0\n");

        Assert.Equal(("tsv", "SST-2", false), (reading.Description.Format, reading.Description.Layout, reading.Description.Quoted));
        Assert.Equal(["\"begins, with a quote ", "'' two "], reading.Texts.Select(text => text.Text));
    }

    [Fact]
    public async Task Quoted_tsv_is_recognized()
    {
        var reading = await DatasetReading.OfAsync("text\tlabel\n\"a\tb\"\t1\n\"c\nd\"\t0\ne\t0\n");

        Assert.True(reading.Description.Quoted);
        Assert.Equal(["a\tb", "c\nd", "e"], reading.Texts.Select(text => text.Text));
    }

    [Fact]
    public async Task IMDB_reviews_by_header()
    {
        var reading = await DatasetReading.OfAsync("review,sentiment\n\"Good.<br /><br />\"\"Really\"\"\",positive\nBad,negative\n");

        Assert.Equal("IMDB reviews", reading.Description.Layout);
        Assert.Equal(["positive", "negative"], reading.Texts.Select(text => text.Label));
    }

    [Theory]
    [InlineData("premise,hypothesis,label\nA man,A person,0\n")]
    [InlineData("idx,sentence1,sentence2,label\n7,A man,A person,0\n")]
    public async Task Pairs_by_their_names(string csv)
    {
        var reading = await DatasetReading.OfAsync(csv);

        var record = Assert.IsType<TextRecord>(Assert.Single(reading.Records));
        Assert.Equal(("A man", "A person", "0"), (record.Text, record.Pair, record.Label));
    }

    [Fact]
    public async Task Columns_by_name_or_index_and_slices()
    {
        var options = new DatasetOptions { InputColumn = "3", LabelColumn = "KIND", SliceColumns = ["lang", "0"] };
        var reading = await DatasetReading.OfAsync("id|kind|lang|what\n1|x|en|hello\n2|y|de|hallo\n", options);

        Assert.Equal('|', reading.Description.Delimiter);
        Assert.Equal(["lang", "id"], reading.Description.SliceColumns);
        Assert.Equal(["hello/x/en/1", "hallo/y/de/2"], reading.Texts.Select(text => $"{text.Text}/{text.Label}/{string.Join('/', text.Slices)}"));
    }

    [Fact]
    public async Task Headerless_two_columns_by_content()
    {
        var reading = await DatasetReading.OfAsync("a long enough text,spam\nanother one of them,ham\nthe third of the lot,spam\nand then the last,ham\n");

        Assert.False(reading.Description.Header);
        Assert.Equal(("0", "1"), (reading.Description.InputColumn, reading.Description.LabelColumn));
        Assert.Equal(4, reading.Records.Count);
    }

    [Fact]
    public async Task What_the_user_says_wins()
    {
        var options = new DatasetOptions { Format = "csv", Delimiter = ';', Header = false, InputColumn = "1", LabelColumn = "0" };
        var reading = await DatasetReading.OfAsync("label;text, with\na;b, c\n", options);

        Assert.Equal(["text, with", "b, c"], reading.Texts.Select(text => text.Text));
    }

    [Fact]
    public async Task Bad_rows_are_errors_at_their_place_and_the_rest_is_read()
    {
        var bytes = Encoding.Latin1.GetBytes("text,label\ngood,1\nragged\ntoo,many,fields\ncaf\u00E9,1\nnul\0,1\n\"stray\"x,1\nno label,\nlast,0\n");
        var reading = await DatasetReading.OfAsync(new MemoryDataSource(bytes));

        Assert.Equal(["csv-ragged-row", "csv-ragged-row", "text-not-utf8", "text-nul", "csv-text-after-quote", "label-missing"], reading.Codes);
        Assert.Equal([3L, 4, 5, 6, 7, 8], reading.Errors.Select(error => error.Position.Line!.Value));
        Assert.Contains("1 field; 2 are needed", reading.Errors[0].Message, StringComparison.Ordinal);
        Assert.Contains("3 fields; 2 are needed", reading.Errors[1].Message, StringComparison.Ordinal);
        Assert.Contains("0xE9 at byte 3 of the row", reading.Errors[2].Message, StringComparison.Ordinal);
        Assert.Equal(["good", "last"], reading.Texts.Select(text => text.Text));
        reading.AssertCovers(bytes.Length, 100);
    }

    [Fact]
    public async Task A_quote_never_closed_is_explained_before_anything_is_swallowed()
    {
        var problem = await DatasetReading.ProblemAsync("text,label\nfine,1\n\"never closed,1\nlost,0\nlost too,1\n");

        Assert.Equal("csv-quote-unclosed", problem.Code);
        Assert.Equal("line 3, byte 18", problem.Where);
        Assert.Contains("2 lines", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_quote_never_closed_in_the_first_row_of_a_long_file_is_found()
    {
        var text = "\"never,closed\n" + string.Concat(Enumerable.Repeat("some text,1\n", 200_000));
        var problem = await DatasetReading.ProblemAsync(text, new DatasetOptions { Format = "csv" });

        Assert.Equal("csv-quote-unclosed", problem.Code);
        Assert.Equal("line 1, byte 0", problem.Where);
    }

    [Fact]
    public async Task A_file_cut_off_in_its_last_row_has_one_bad_record()
    {
        var reading = await DatasetReading.OfAsync("text,label\n\"fine\",1\n\"cut o");

        Assert.Equal(["csv-quote-unclosed"], reading.Codes);
        Assert.Equal(3, reading.Errors[0].Position.Line);
        Assert.Single(reading.Records);
    }

    [Theory]
    [InlineData("", "dataset-empty")]
    [InlineData("\n\r\n\n", "dataset-empty")]
    [InlineData("text,label\n", "dataset-empty")]
    [InlineData("text,label", "dataset-empty")]
    [InlineData("one column\nof prose\n", "csv-one-column")]
    [InlineData("a,b,c,d\n1,2,3,4\n", "dataset-columns-unclear")]
    [InlineData("\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b", "dataset-not-text")]
    public async Task What_cannot_be_read_is_said(string text, string code)
    {
        Assert.Equal(code, (await DatasetReading.ProblemAsync(text, new DatasetOptions { Format = "csv" })).Code);
    }

    [Fact]
    public async Task Unknown_columns_are_listed()
    {
        var problem = await DatasetReading.ProblemAsync("text,label\na,1\n", new DatasetOptions { InputColumn = "nope" });

        Assert.Equal("column-missing", problem.Code);
        Assert.Contains("'text', 'label'", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UTF16_is_said_to_be()
    {
        var problem = await DatasetReading.ProblemAsync(new MemoryDataSource([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("text,label\na,1\n")]));

        Assert.Equal("text-utf16", problem.Code);
    }

    [Fact]
    public async Task Prose_is_not_a_dataset()
    {
        var problem = await DatasetReading.ProblemAsync("# Title\n\nSome words, and more words,\nand a line\nanother one; too\n\nend, of it\n");

        Assert.Equal("dataset-unrecognized", problem.Code);
        Assert.Contains("# Title.", problem.Message, StringComparison.Ordinal);
        Assert.Contains("jsonl", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_record_of_17_MiB_is_passed_over_without_being_held(bool quoted)
    {
        var huge = quoted ? "\"" + string.Concat(Enumerable.Repeat("x\"\"\r\n", 3_400_000)) + "\"" : new string('x', 17 * 1024 * 1024);
        var source = new MemoryDataSource($"text,label\nfirst,1\n{huge},0\nlast,1\n");
        var reading = await DatasetReading.OfAsync(source);

        Assert.Equal(["record-too-large"], reading.Codes);
        Assert.Equal(3, reading.Errors[0].Position.Line);
        Assert.Equal(["first", "last"], reading.Texts.Select(text => text.Text));
        Assert.Equal(quoted ? 3_400_004 : 4, reading.Records[1].Position.Line);
        reading.AssertCovers(source.Length, 100);
    }

    [Fact]
    public async Task A_record_just_under_the_limit_is_read()
    {
        var text = new string('é', 8 * 1024 * 1024 - 4);
        var reading = await DatasetReading.OfAsync($"text,label\n{text},0\nlast,1\n");

        Assert.Equal(2, reading.Records.Count);
        Assert.Equal(text, reading.Texts.First().Text);
    }

    [Fact]
    public async Task A_dataset_that_changed_is_noticed()
    {
        var before = new MemoryDataSource("text,label\na,1\nb,0\n");
        var (format, description) = await Evaluation.Datasets.DatasetFormats.DetectAsync(before, DatasetOptions.Default, default);
        var plan = await format.PlanAsync(before, description, 10, null, default);

        foreach (var after in new[] { "text,label\na,1\n", "text,label\na,1.b,0\n" })
        {
            var problem = await Assert.ThrowsAsync<Core.Errors.ProblemException>(async () =>
            {
                await foreach (var _ in format.ReadAsync(new MemoryDataSource(after), description, plan.Shards[0], default))
                {
                }
            });
            Assert.Equal("dataset-changed", problem.Problem.Code);
        }
    }

    [Fact]
    public async Task Another_task_is_refused()
    {
        var problem = await DatasetReading.ProblemAsync("text,label\na,1\n", new DatasetOptions { Format = "csv", Task = ModelTask.ImageClassification });

        Assert.Equal("dataset-task", problem.Code);
    }
}
