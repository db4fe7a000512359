using System.Text;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Datasets.Conll;
using AiAssignments.Tests.Datasets.Archives;
using AiAssignments.Tests.Support;
using FsCheck;
using FsCheck.Xunit;

namespace AiAssignments.Tests.Datasets.Conll;

public sealed class ConllFormatTests
{
    private const string Four =
        """
        -DOCSTART- -X- -X- O

        EU NNP B-NP B-ORG
        rejects VBZ B-VP O
        German JJ B-NP B-MISC

        Peter NNP B-NP B-PER
        Blackburn NNP I-NP I-PER


        -DOCSTART- -X- -X- O
        Łódź NNP B-NP B-LOC
        -DOCSTART- -X- -X- O
        , , O O
        """;

    private static readonly ConllFormat Format = new();

    [Theory]
    [InlineData("\n", "")]
    [InlineData("\r\n", "\r\n")]
    [InlineData("\n", "\n\n \n")]
    public async Task Sentences_come_with_words_tags_and_lines(string lineEnd, string tail)
    {
        var text = Four.Replace("\n", lineEnd, StringComparison.Ordinal) + tail;

        var run = await DatasetRun.OfAsync(Format, Encoding.UTF8.GetBytes(text), shardRecords: 2, pieceLimit: 7);

        var sentences = run.Records.Cast<WordsRecord>().ToList();
        Assert.Empty(run.Errors);
        Assert.Equal(["EU rejects German", "Peter Blackburn", "Łódź", ","], sentences.Select(sentence => string.Join(' ', sentence.Words)));
        Assert.Equal(["B-ORG O B-MISC", "B-PER I-PER", "B-LOC", "O"], sentences.Select(sentence => string.Join(' ', sentence.Tags!)));
        Assert.Equal([3L, 7L, 12L, 14L], sentences.Select(sentence => sentence.Position.Line));
        Assert.Equal(Encoding.UTF8.GetByteCount(text[..text.IndexOf("Peter", StringComparison.Ordinal)]), sentences[1].Position.ByteOffset);
        Assert.Equal([3L, 12L], run.Plan.Shards.Select(shard => shard.FirstLine));
        Assert.Equal(ModelTask.TokenClassification, run.Description.Task);
        Assert.Equal("CoNLL-2003", run.Description.Layout);
        Assert.Equal("IOB2", run.Description.Details["scheme"]);
    }

    [Fact]
    public async Task A_byte_order_mark_tabs_and_two_columns_are_read()
    {
        var run = await DatasetRun.OfAsync(Format, Encoding.UTF8.GetBytes("\uFEFFNew York\tS-LOC\nis\tO\n\nbig\tO"));

        var sentence = Assert.IsType<WordsRecord>(run.Records[0]);
        Assert.Equal(["New York", "is"], sentence.Words);
        Assert.Equal(3, sentence.Position.ByteOffset);
        Assert.Equal("tab", run.Description.Details["separator"]);
        Assert.Equal("IOBES", run.Description.Details["scheme"]);
    }

    [Theory]
    [InlineData("a I-PER|b I-PER|c B-PER|d O", "IOB1", null)]
    [InlineData("a B-PER|b I-PER|c B-LOC|d O", "IOB2", null)]
    [InlineData("a B-PER|b E-PER|c S-LOC|d O", "IOBES", null)]
    [InlineData("a O|b O", "IOB2", null)]
    [InlineData("a B-PER|b O|c B-PER|d O|e I-LOC", "IOB2", "1")]
    [InlineData("a I-PER|b O|c I-PER|d O|e B-LOC", "IOB1", "1")]
    public async Task The_scheme_is_recognized_by_how_chunks_begin(string lines, string scheme, string? illegal)
    {
        var run = await DatasetRun.OfAsync(Format, Encoding.UTF8.GetBytes(lines.Replace('|', '\n')));

        Assert.Equal(scheme, run.Description.Details["scheme"]);
        Assert.Equal(illegal, run.Description.Details.GetValueOrDefault("illegal-starts"));
    }

    [Fact]
    public async Task Bad_lines_make_bad_sentences_with_their_line()
    {
        var good = string.Concat(Enumerable.Repeat("good O\n\n", 100));
        byte[] bytes =
        [
            .. Encoding.UTF8.GetBytes(good),
            .. "a O\nb X-\n\n"u8, // line 201
            .. "a O\nb I-\n\n"u8,
            .. "a O\nb I\n\n"u8,
            .. "a O\nb extra O\n\n"u8,
            .. "a O\nb\n\n"u8,
            .. "a O\nb"u8, 0xFF, .. " O\n\n"u8,
            .. "a O\nb"u8, 0, .. " O\n\n"u8,
            .. "last O"u8,
        ];

        var run = await DatasetRun.OfAsync(Format, bytes, shardRecords: 3);

        Assert.Equal(101, run.Records.Count);
        Assert.Equal(
            ["conll-tag", "conll-tag", "conll-tag", "conll-columns", "conll-columns", "text-not-utf8", "text-nul"],
            run.Errors.Select(error => error.Code));
        Assert.Equal(201, run.Errors[0].Position.Line);
        Assert.StartsWith("Line 202 ", run.Errors[0].Message, StringComparison.Ordinal);
        Assert.Contains($"byte {bytes.AsSpan().IndexOf((byte)0xFF)} ", run.Errors[5].Message, StringComparison.Ordinal);
        Assert.Equal("last", ((WordsRecord)run.Records[^1]).Words[0]);
    }

    [Fact]
    public async Task Endless_lines_and_sentences_are_bad_records_and_what_follows_is_read()
    {
        var text = new StringBuilder();
        text.Append(string.Concat(Enumerable.Repeat("good O\n\n", 3000)));
        text.Append('x', 3_000_000).Append(" O\nmore O\n\n");
        text.Append("between O\n\n");
        text.Append(' ', 200_000).Append("\nafter O\n\n");
        text.Append(string.Concat(Enumerable.Repeat("w O\n", 60_000))).Append("\nend O");

        var run = await DatasetRun.OfAsync(Format, Encoding.UTF8.GetBytes(text.ToString()));

        Assert.Equal(["conll-line-too-long", "conll-sentence-too-long"], run.Errors.Select(error => error.Code));
        Assert.Equal(["between", "after", "end"], run.Records.TakeLast(3).Select(record => ((WordsRecord)record).Words[0]));
    }

    [Fact]
    public async Task Other_text_is_not_taken_and_a_file_without_a_sentence_is_empty()
    {
        foreach (var text in new[] { "text,label\nhello there O,1\n", "A line of prose.\nAnother one.\n", "", "\n\n", "{\"text\": \"a\"}\n", "sentence\tlabel\nfine\t1\n" })
        {
            Assert.Null(await Format.RecognizeAsync(new ByteSource(Encoding.UTF8.GetBytes(text)), DatasetOptions.Default, default));
        }

        var asked = new DatasetOptions { Format = "conll" };
        Assert.Equal("conll-not-recognized", (await DatasetRun.ProblemAsync(Format, "a prose line\n"u8.ToArray(), asked)).Code);
        var column = await DatasetRun.ProblemAsync(Format, "a O\n"u8.ToArray(), asked with { LabelColumn = "2" });
        Assert.Equal("dataset-column-unknown", column.Code);
        var described = (await Format.RecognizeAsync(new ByteSource("a O\n"u8.ToArray()), asked, default))!;
        var problem = await Assert.ThrowsAsync<Core.Errors.ProblemException>(
            async () => await Format.PlanAsync(new ByteSource("\n-DOCSTART- O\n"u8.ToArray()), described, 10, null, default));
        Assert.Equal("dataset-empty", problem.Problem.Code);
    }

    [Property(MaxTest = 50)]
    public void Any_shard_size_gives_the_same_records(PositiveInt shardRecords, PositiveInt piece, int seed)
    {
        var bytes = RandomFile(new Random(seed));
        var whole = DatasetRun.OfAsync(Format, bytes).GetAwaiter().GetResult();
        var cut = DatasetRun.OfAsync(Format, bytes, shardRecords: shardRecords.Get, pieceLimit: piece.Get).GetAwaiter().GetResult();
        Assert.Equal(whole.Lines(), cut.Lines());
    }

    [Fact]
    public Task Damaged_files_give_problems_or_bad_records_only() => Fuzz.RunAsync(Format, Encoding.UTF8.GetBytes(Four), 2000, seed: 14);

    [SharedDataFact("conll2003/eng.train", "conll2003/eng.testa")]
    public async Task The_real_files_have_their_published_counts()
    {
        foreach (var (file, sentences, tokens) in new[] { ("eng.train", 14_041, 203_621), ("eng.testa", 3_250, 51_362) })
        {
            var run = await DatasetRun.OfAsync(Format, new FileDataSource(SharedData.PathOf($"conll2003/{file}")), shardRecords: 777);
            Assert.Empty(run.Errors);
            Assert.Equal(sentences, run.Records.Count);
            Assert.Equal(tokens, run.Records.Sum(record => ((WordsRecord)record).Words.Count));
            Assert.Equal("IOB1", run.Description.Details["scheme"]);
        }
    }

    private static byte[] RandomFile(Random random)
    {
        var text = new StringBuilder("first O\n");
        for (var i = random.Next(200); i > 0; i--)
        {
            text.Append(random.Next(8) switch
            {
                0 => "\n",
                1 => "\r\n",
                2 => "-DOCSTART- O\n",
                3 => "  \n",
                4 => "zwölf B-NUM\r\n",
                _ => "word O\n",
            });
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    [Fact]
    public async Task Sentences_that_are_not_those_planned_are_told()
    {
        var bytes = Encoding.UTF8.GetBytes(Four);
        var source = new ByteSource(bytes);
        var run = await DatasetRun.OfAsync(Format, source, shardRecords: 3);
        var shard = run.Plan.Shards[0];

        async Task<string> CodeAsync(IDataSource data, Shard asked) =>
            (await Assert.ThrowsAsync<ProblemException>(async () =>
            {
                await foreach (var _ in Format.ReadAsync(data, run.Description, asked, default))
                {
                }
            })).Problem.Code;

        Assert.Equal("dataset-changed", await CodeAsync(source, shard with { RecordCount = 4 }));
        Assert.Equal("dataset-changed", await CodeAsync(source, shard with { RecordCount = 2 }));
        Assert.Equal("dataset-changed", await CodeAsync(new ByteSource(bytes[..30]), shard));
        Assert.Equal("dataset-changed", await CodeAsync(new ByteSource([.. bytes.Select(value => value == '\n' ? (byte)' ' : value)]), shard));
    }
}
