using System.Formats.Tar;
using System.Text;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Datasets.Cifar;
using AiAssignments.Tests.Datasets.Archives;
using AiAssignments.Tests.Support;
using FsCheck;
using FsCheck.Xunit;

namespace AiAssignments.Tests.Datasets.Cifar;

public sealed class Cifar10FormatTests
{
    private const int RecordBytes = 3073;
    private const string Names = "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n";

    private static readonly Cifar10Format Format = new();

    private static readonly byte[] Archive = TarMaker.Make(
        TarEntryFormat.Ustar,
        ("cifar-10-batches-bin/batches.meta.txt", Encoding.UTF8.GetBytes(Names)),
        ("cifar-10-batches-bin/data_batch_1.bin", Records(5, 1)),
        ("cifar-10-batches-bin/readme.html", "<p>"u8.ToArray()),
        ("cifar-10-batches-bin/data_batch_2.bin", Records(4, 2)),
        ("cifar-10-batches-bin/test_batch.bin", Records(3, 3)));

    [Fact]
    public async Task Records_of_a_file_are_raw_planes_with_index_labels()
    {
        var bytes = Records(600, 4);

        var run = await DatasetRun.OfAsync(Format, bytes, shardRecords: 500, name: "mystery");

        Assert.Equal(600, run.Records.Count);
        Assert.Empty(run.Description.LabelNames);
        Assert.Equal(ModelTask.ImageClassification, run.Description.Task);
        var image = Assert.IsType<ImageRecord>(run.Records[301]);
        Assert.Equal(new RawImage(32, 32, 3, true), image.Raw);
        Assert.Equal(bytes.AsSpan((301 * RecordBytes) + 1, 3072), image.Content.Span);
        Assert.Equal($"{bytes[301 * RecordBytes]}", image.Label);
        Assert.Equal(301 * RecordBytes, image.Position.ByteOffset);
        Assert.Equal((0L, 500L * RecordBytes), (run.Plan.Shards[0].ByteStart, run.Plan.Shards[0].ByteEnd));
    }

    [Fact]
    public async Task An_archive_gives_all_batches_in_order_and_the_class_names()
    {
        var run = await DatasetRun.OfAsync(Format, Archive, new DatasetOptions { SliceColumns = ["file"] }, shardRecords: 4);

        Assert.Equal(12, run.Records.Count);
        Assert.Equal(Names.TrimEnd().Split('\n'), run.Description.LabelNames);
        Assert.Equal(["cifar-10-batches-bin/data_batch_2.bin"], run.Records[5].Slices);
        Assert.Equal("cifar-10-batches-bin/test_batch.bin", run.Records[11].Position.Entry);
        Assert.Equal(Records(4, 2).AsSpan(1, 3072), ((ImageRecord)run.Records[5]).Content.Span);
    }

    [Property(MaxTest = 20)]
    public void Any_shard_size_gives_the_same_records(PositiveInt shardRecords, PositiveInt piece)
    {
        var whole = DatasetRun.OfAsync(Format, Archive).GetAwaiter().GetResult();
        var cut = DatasetRun.OfAsync(Format, Archive, shardRecords: shardRecords.Get, pieceLimit: piece.Get + 50).GetAwaiter().GetResult();
        Assert.Equal(whole.Lines(), cut.Lines());
    }

    [Fact]
    public async Task A_label_above_9_is_a_bad_record()
    {
        var bytes = Records(100, 5);
        bytes[17 * RecordBytes] = 10;

        var run = await DatasetRun.OfAsync(Format, bytes);

        var error = Assert.Single(run.Errors);
        Assert.Equal(("cifar-label", 17L, 17L * RecordBytes), (error.Code, error.Position.Index, error.Position.ByteOffset));
        Assert.Equal(99, run.Records.Count);
    }

    [Theory]
    [InlineData("data_batch_1.bin", null, 3)]
    [InlineData("mystery", "cifar10", 3)]
    [InlineData("data_batch_1.bin", null, 0)]
    public async Task A_length_that_does_not_fit_is_told_with_the_end_of_the_last_whole_record(string name, string? format, int records)
    {
        byte[] bytes = [.. Records(records, 6), .. new byte[100]];

        var problem = await DatasetRun.ProblemAsync(Format, bytes, new DatasetOptions { Format = format }, name);

        Assert.Equal(("cifar-length", $"byte {records * RecordBytes}"), (problem.Code, problem.Where));
        Assert.Contains($"{bytes.Length} bytes", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_of_a_wrong_length_inside_an_archive_is_named()
    {
        var bytes = TarMaker.Make(TarEntryFormat.Ustar, ("x/data_batch_1.bin", Records(2, 1)), ("x/test_batch.bin", new byte[3074]));

        var problem = await DatasetRun.ProblemAsync(Format, bytes);

        Assert.Equal("cifar-length", problem.Code);
        Assert.Contains("x/test_batch.bin", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_content_is_not_taken_and_empty_content_is_told()
    {
        Assert.Null(await Format.RecognizeAsync(new ByteSource(new byte[100], "x.bin"), DatasetOptions.Default, default));
        Assert.Null(await Format.RecognizeAsync(new ByteSource(Enumerable.Repeat((byte)'a', RecordBytes * 100).ToArray(), "x.bin"), DatasetOptions.Default, default));
        Assert.Null(await Format.RecognizeAsync(new ByteSource(new byte[(RecordBytes * 100) + 1], "x.dat"), DatasetOptions.Default, default));
        Assert.Null(await Format.RecognizeAsync(new ByteSource(TarMaker.Make(("a.txt", "b"))), DatasetOptions.Default, default));
        Assert.Equal("dataset-empty", (await DatasetRun.ProblemAsync(Format, [], new DatasetOptions { Format = "cifar10" })).Code);
        Assert.Equal("dataset-empty", (await DatasetRun.ProblemAsync(Format, TarMaker.Make(("x/data_batch_1.bin", string.Empty)))).Code);
    }

    [Fact]
    public Task Damaged_archives_give_problems_or_bad_records_only() => Fuzz.RunAsync(Format, Archive, 200, seed: 12);

    [Fact]
    public Task Damaged_files_give_problems_or_bad_records_only() => Fuzz.RunAsync(Format, Records(9, 7), 100, seed: 13, name: "data_batch_1.bin");

    [SharedDataFact("cifar10/data_batch_1.first1017.bin", "cifar10/batches.meta.txt")]
    public async Task Real_files_and_their_packed_folder_have_1017_records_a_file()
    {
        var one = await DatasetRun.OfAsync(Format, new FileDataSource(SharedData.PathOf("cifar10/data_batch_1.first1017.bin")));
        Assert.Equal(1017, one.Records.Count);
        Assert.Empty(one.Errors);

        using var packed = new MemoryStream();
        await Evaluation.Datasets.Staging.FolderPacking.PackAsync(SharedData.PathOf("cifar10"), packed, null, default);
        var all = await DatasetRun.OfAsync(Format, packed.ToArray());
        Assert.Equal(5 * 1017, all.Records.Count);
        Assert.Equal(10, all.Description.LabelNames.Count);
        Assert.Equal(10, all.Records.Cast<ImageRecord>().Select(image => image.Label).Distinct().Count());
    }

    private static byte[] Records(int count, int seed)
    {
        var bytes = new byte[count * RecordBytes];
        var random = new Random(seed);
        random.NextBytes(bytes);
        for (var i = 0; i < count; i++)
        {
            bytes[i * RecordBytes] = (byte)random.Next(10);
        }

        return bytes;
    }
}
