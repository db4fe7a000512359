using System.Formats.Tar;
using System.IO.Compression;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Datasets.Imdb;
using AiAssignments.Tests.Datasets.Archives;
using AiAssignments.Tests.Support;
using FsCheck;
using FsCheck.Xunit;

namespace AiAssignments.Tests.Datasets.Imdb;

public sealed class ImdbArchiveFormatTests
{
    private static readonly ImdbArchiveFormat Format = new();

    private static readonly byte[] Small = TarMaker.Make(
        ("aclImdb/README", "about"),
        ("aclImdb/train/urls_pos.txt", "http://example.org"),
        ("aclImdb/train/pos/0_9.txt", "Great.<br />Really – great"),
        ("aclImdb/train/neg/1_2.txt", "Poor"),
        ("aclImdb/train/unsup/2_0.txt", "nobody knows"),
        ("aclImdb/test/neg/3_1.txt", "Worse"),
        ("aclImdb/test/pos/4_10.txt", "Best"),
        ("aclImdb/test/pos/5_7.txt", new string('x', 20_000)));

    [Fact]
    public async Task Reviews_come_with_label_split_and_rating()
    {
        var run = await DatasetRun.OfAsync(Format, Small, new DatasetOptions { SliceColumns = ["rating", "split"] });

        var texts = run.Records.Cast<TextRecord>().ToList();
        Assert.Empty(run.Errors);
        Assert.Equal(["positive", "negative", "negative", "positive", "positive"], texts.Select(text => text.Label));
        Assert.Equal("Great.<br />Really – great", texts[0].Text);
        Assert.Equal(["9", "train"], texts[0].Slices);
        Assert.Equal(["1", "test"], texts[2].Slices);
        Assert.Equal("aclImdb/test/neg/3_1.txt", texts[2].Position.Entry);
        Assert.Equal(ModelTask.TextClassification, run.Description.Task);
        Assert.Equal("IMDB reviews", run.Description.Layout);
        Assert.Contains("unsup", run.Description.Details["ignored"], StringComparison.Ordinal);
    }

    [Property(MaxTest = 30)]
    public void Any_shard_size_gives_the_same_records(PositiveInt shardRecords, PositiveInt piece)
    {
        var whole = DatasetRun.OfAsync(Format, Small).GetAwaiter().GetResult();
        var cut = DatasetRun.OfAsync(Format, Small, shardRecords: shardRecords.Get, pieceLimit: piece.Get).GetAwaiter().GetResult();
        Assert.Equal(whole.Lines(), cut.Lines());
    }

    [Fact]
    public async Task Bad_reviews_are_kept_with_entry_and_reason()
    {
        var bytes = TarMaker.Make(writer =>
        {
            Add("train/pos/0_9.txt", "good"u8.ToArray());
            Add("train/pos/1_2.txt", "contradicts its folder"u8.ToArray());
            Add("train/neg/2_5.txt", "contradicts its folder"u8.ToArray());
            Add("train/pos/notes.txt", "not a review"u8.ToArray());
            Add("train/pos/3_11.txt", "rating too high"u8.ToArray());
            Add("train/neg/4_1.txt", [(byte)'a', 0xE9, (byte)'b']);
            Add("train/neg/5_1.txt", [(byte)'a', 0, (byte)'b']);
            Add("train/neg/6_1.txt", []);
            Add("train/neg/7_1.txt", new byte[5 * 1024 * 1024]);
            Add("../train/neg/8_1.txt", "out"u8.ToArray());
            Add("/train/neg/9_1.txt", "out"u8.ToArray());
            writer.WriteEntry(TarMaker.Link("train/neg/10_1.txt", "/etc/passwd"));
            void Add(string name, byte[] content) => writer.WriteEntry(TarMaker.Entry(TarEntryFormat.Pax, TarEntryType.RegularFile, name, content));
        });

        var run = await DatasetRun.OfAsync(Format, bytes, shardRecords: 5);

        Assert.Equal("good", Assert.IsType<TextRecord>(Assert.Single(run.Records)).Text);
        Assert.Equal(
            [
                "imdb-rating-contradiction", "imdb-rating-contradiction", "imdb-file-name", "imdb-file-name", "text-not-utf8", "text-nul",
                "text-empty", "text-too-large", "archive-path-escape", "archive-path-escape", "archive-link",
            ],
            run.Errors.Select(error => error.Code));
        Assert.Contains("0xE9", run.Errors[4].Message, StringComparison.Ordinal);
        Assert.Equal("train/neg/4_1.txt", run.Errors[4].Position.Entry);
    }

    [Fact]
    public async Task Other_archives_and_files_are_not_taken()
    {
        Assert.Null(await Format.RecognizeAsync(new ByteSource(TarMaker.Make(("cat/1.png", "x"))), DatasetOptions.Default, default));
        Assert.Null(await Format.RecognizeAsync(new ByteSource("text,label\n"u8.ToArray()), DatasetOptions.Default, default));
        Assert.Null(await Format.RecognizeAsync(new ByteSource(Small), new DatasetOptions { Format = "csv" }, default));
        var asked = new DatasetOptions { Format = "imdb" };
        Assert.Equal("imdb-not-recognized", (await DatasetRun.ProblemAsync(Format, TarMaker.Make(("a.txt", "x")), asked)).Code);
        Assert.Equal("imdb-not-recognized", (await DatasetRun.ProblemAsync(Format, "hello"u8.ToArray(), asked)).Code);
        Assert.Equal("dataset-column-unknown", (await DatasetRun.ProblemAsync(Format, Small, new DatasetOptions { SliceColumns = ["year"] })).Code);
    }

    [Fact]
    public async Task A_truncated_archive_and_a_doubled_review_are_problems_with_their_byte()
    {
        var cut = await DatasetRun.ProblemAsync(Format, Small[..^(12 * 1024)]);
        Assert.Equal(("tar-truncated", $"byte {Small.Length - (12 * 1024)}"), (cut.Code, cut.Where));

        var twice = await DatasetRun.ProblemAsync(Format, TarMaker.Make(("train/pos/0_9.txt", "a"), ("train/pos/0_9.txt", "b")));
        Assert.Equal("archive-duplicate-entry", twice.Code);
    }

    [Fact]
    public Task Damaged_archives_give_problems_or_bad_records_only() => Fuzz.RunAsync(Format, Small, 400, seed: 11);

    [SharedDataFact("imdb/aclImdb_train.tar.gz")]
    public async Task The_official_training_half_has_its_25_000_reviews()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("aclImdb_train.tar");
        await using (var from = new GZipStream(File.OpenRead(SharedData.PathOf("imdb/aclImdb_train.tar.gz")), CompressionMode.Decompress))
        await using (var to = File.Create(path))
        {
            await from.CopyToAsync(to);
        }

        var source = new FileDataSource(path);
        var run = await DatasetRun.OfAsync(Format, source, shardRecords: 2000);

        Assert.Empty(run.Errors);
        Assert.Equal(13, run.Plan.Shards.Count);
        var labels = run.Records.Cast<TextRecord>().CountBy(record => record.Label!).ToDictionary();
        Assert.Equal(12_500, labels["positive"]);
        Assert.Equal(12_500, labels["negative"]);
    }
}
