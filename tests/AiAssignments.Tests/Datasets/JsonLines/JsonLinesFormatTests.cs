using System.Text;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;
using AiAssignments.Tests.Datasets.Delimited;

namespace AiAssignments.Tests.Datasets.JsonLines;

public class JsonLinesFormatTests
{
    [Fact]
    public async Task Texts_with_labels_of_every_kind()
    {
        var reading = await DatasetReading.OfAsync(
            "\uFEFF{\"text\":\"a\\n\\\"b\\\" \\u00e9\\ud83d\\ude00\",\"label\":\"pos\",\"x\":[{\"text\":\"no\"}]}\r\n"
            + " \t\r\n"
            + "{\"label\":3,\"text\":\"日本\"}\n\n{\"text\":\"\",\"label\":true}\n{\"te\\u0078t\":\"key\",\"label\":-1}",
            shardRecords: 1);

        Assert.Equal("jsonl", reading.Description.Format);
        Assert.Equal(["a\n\"b\" é😀", "日本", "", "key"], reading.Texts.Select(text => text.Text));
        Assert.Equal(["pos", "3", "true", "-1"], reading.Texts.Select(text => text.Label));
        Assert.Equal([1L, 3, 5, 6], reading.Records.Select(record => record.Position.Line!.Value));
        Assert.Equal([1L, 3, 5, 6], reading.Plan.Shards.Select(shard => shard.FirstLine));
    }

    [Fact]
    public async Task Pairs_and_slices()
    {
        var reading = await DatasetReading.OfAsync(
            "{\"premise\":\"p\",\"hypothesis\":\"h\",\"label\":0,\"lang\":\"en\",\"n\":7}\n{\"premise\":\"q\",\"hypothesis\":\"i\",\"label\":1,\"n\":null}\n",
            new DatasetOptions { SliceColumns = ["lang", "n", "label"] });

        Assert.Equal(["p|h|0|en|7|0", "q|i|1|||1"], reading.Texts.Select(text => string.Join('|', text.Text, text.Pair, text.Label, string.Join('|', text.Slices))));
    }

    [Theory]
    [InlineData("{\"tokens\":[\"EU\",\"rejects\"],\"ner_tags\":[3,0]}", "3 0")]
    [InlineData("{\"words\":[\"EU\",\"rejects\"],\"tags\":[\"B-ORG\",\"O\"]}", "B-ORG O")]
    public async Task Words_with_tags(string line, string tags)
    {
        var reading = await DatasetReading.OfAsync(line);

        Assert.Equal(ModelTask.TokenClassification, reading.Description.Task);
        var record = Assert.IsType<WordsRecord>(Assert.Single(reading.Records));
        Assert.Equal(["EU", "rejects"], record.Words);
        Assert.Equal(tags, string.Join(' ', record.Tags!));
    }

    [Theory]
    [InlineData("{\"text\":\"a\",\"label\":1", "json-invalid")]
    [InlineData("{\"text\":\"a\",\"label\":1} x", "json-invalid")]
    [InlineData("not json", "json-invalid")]
    [InlineData("\u000B", "json-invalid")]
    [InlineData("[1,2]", "json-not-object")]
    [InlineData("{\"text\":\"a\",\"text\":\"b\",\"label\":1}", "json-duplicate-key")]
    [InlineData("{\"text\":\"a\"}", "label-missing")]
    [InlineData("{\"text\":\"a\",\"label\":null}", "label-missing")]
    [InlineData("{\"text\":\"a\",\"label\":\" \"}", "label-missing")]
    [InlineData("{\"text\":\"a\",\"label\":[1]}", "json-label-type")]
    [InlineData("{\"text\":7,\"label\":1}", "json-text-type")]
    [InlineData("{\"label\":1}", "json-property-missing")]
    [InlineData("{\"text\":\"a\\u0000\",\"label\":1}", "text-nul")]
    [InlineData("{\"text\":\"a\0\",\"label\":1}", "json-invalid")]
    [InlineData("{\"text\":\"\\ud800\",\"label\":1}", "text-not-utf8")]
    [InlineData("{\"\\ud800\":\"\",\"text\":\"a\",\"label\":[]}", "text-not-utf8")]
    public async Task A_bad_line_is_an_error_at_its_place(string line, string code)
    {
        var reading = await DatasetReading.OfAsync($"{{\"text\":\"first\",\"label\":1}}\n{line}\n{{\"text\":\"last\",\"label\":0}}\n");

        var error = Assert.Single(reading.Errors);
        Assert.Equal((code, 2L, 27L, 1L), (error.Code, error.Position.Line!.Value, error.Position.ByteOffset, error.Position.Index));
        Assert.Equal(["first", "last"], reading.Texts.Select(text => text.Text));
    }

    [Theory]
    [InlineData("{\"tokens\":[\"a\",\"b\"],\"tags\":[\"O\"]}", "tags-length")]
    [InlineData("{\"tokens\":[\"a\",[[\"b\"],[]],\"c\"],\"tags\":[\"O\"]}", "json-list-type")]
    [InlineData("{\"tokens\":[\"a\"],\"tags\":[{\"x\":[1]}]}", "json-list-type")]
    [InlineData("{\"tokens\":[1],\"tags\":[\"O\"]}", "json-list-type")]
    [InlineData("{\"tokens\":\"a\",\"tags\":[\"O\"]}", "json-list-type")]
    [InlineData("{\"tokens\":[\"\\udc00\",[]],\"tags\":[\"O\"]}", "text-not-utf8")]
    public async Task A_bad_sentence_is_an_error(string line, string code)
    {
        var reading = await DatasetReading.OfAsync($"{{\"tokens\":[\"a\"],\"tags\":[\"O\"]}}\n{line}\n{{\"tokens\":[],\"tags\":[]}}\n");

        Assert.Equal([code], reading.Codes);
        Assert.Equal(2, reading.Records.Count);
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF8_are_an_error()
    {
        var reading = await DatasetReading.OfAsync(new MemoryDataSource(Encoding.Latin1.GetBytes("{\"text\":\"ok\",\"label\":1}\n{\"text\":\"caf\u00E9\",\"label\":1}\n")));

        Assert.Equal(["text-not-utf8"], reading.Codes);
        Assert.Contains("0xE9 at byte 12 of the line", reading.Errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deep_JSON_is_refused()
    {
        var deep = "{\"text\":\"a\",\"label\":1,\"x\":" + new string('[', 100_000) + new string(']', 100_000) + "}";
        var reading = await DatasetReading.OfAsync("{\"text\":\"ok\",\"label\":1}\n" + deep);

        Assert.Equal(["json-invalid"], reading.Codes);
        Assert.Contains("64", reading.Errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_of_100_MB_is_passed_over()
    {
        var bytes = new byte[100_000_000];
        bytes.AsSpan().Fill((byte)'x');
        "{\"text\":\"first\",\"label\":1}\n{\"text\":\""u8.CopyTo(bytes);
        var tail = "\",\"label\":1}\n{\"text\":\"last\",\"label\":0}\n"u8;
        tail.CopyTo(bytes.AsSpan(bytes.Length - tail.Length));
        var source = new MemoryDataSource(bytes);
        var reading = await DatasetReading.OfAsync(source);

        Assert.Equal(["record-too-large"], reading.Codes);
        Assert.Equal(["first", "last"], reading.Texts.Select(text => text.Text));
        reading.AssertCovers(source.Length, 100);
    }

    [Theory]
    [InlineData("[{\"text\":\"a\",\"label\":1}]", "json-array", "data")]
    [InlineData("[\n  {\n  \"text\":\"a\",\"label\":1}\n]", "json-array", "data.json")]
    [InlineData("{\n  \"text\":\"a\",\n  \"label\":1\n}\n", "json-invalid", "data.json")]
    [InlineData("{\"a\":\"b\",\"c\":\"d\"}\n", "dataset-columns-unclear", "data.jsonl")]
    [InlineData("\n \n", "dataset-empty", "data.jsonl")]
    public async Task What_is_not_lines_of_objects_is_said(string text, string code, string name)
    {
        Assert.Equal(code, (await DatasetReading.ProblemAsync(text, name: name)).Code);
    }

    [FsCheck.Xunit.Property(MaxTest = 500)]
    public void Plan_and_reader_agree(int seed)
    {
        var random = new Random(seed);
        string[] parts = ["\n", "\r\n", " ", "\t", "{\"text\":\"a\",\"label\":1}", "{", "x", new string('y', 70), "\r", "{\"text\":\"\",\"label\":\"b\"}\n"];
        var text = "{\"text\":\"a\",\"label\":1}\n" + string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => parts[random.Next(parts.Length)]));
        var shardRecords = random.Next(1, 6);
        var source = new MemoryDataSource(text, "data", random.Next(1, 200));

        var reading = DatasetReading.OfAsync(source, null, shardRecords).GetAwaiter().GetResult();

        reading.AssertCovers(source.Length, shardRecords);
        var lines = text.Split('\n').Select((line, i) => (line, number: i + 1L)).Where(line => line.line.Trim(' ', '\t', '\r').Length > 0).Select(line => line.number);
        Assert.Equal(lines, reading.Records.Select(record => record.Position.Line!.Value).Concat(reading.Errors.Select(error => error.Position.Line!.Value)).Order());
    }

    [Fact]
    public async Task A_sentence_of_too_many_words_is_refused_however_short_they_are()
    {
        static string Line(int words) =>
            $"{{\"tokens\":[{string.Join(',', Enumerable.Repeat("\"\"", words))}],\"tags\":[{string.Join(',', Enumerable.Repeat("\"O\"", words))}]}}\n";

        var reading = await DatasetReading.OfAsync(Line(2) + Line(50_001) + Line(50_000) + Line(1));

        Assert.Equal(["sentence-too-long"], reading.Codes);
        Assert.Equal(2, reading.Errors[0].Position.Line);
        Assert.Equal([2, 50_000, 1], reading.Records.Select(record => ((WordsRecord)record).Words.Count));
    }
}
