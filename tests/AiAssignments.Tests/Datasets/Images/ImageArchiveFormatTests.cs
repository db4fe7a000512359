using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Datasets.Images;
using AiAssignments.Tests.Datasets.Archives;
using FsCheck;
using FsCheck.Xunit;

namespace AiAssignments.Tests.Datasets.Images;

public sealed class ImageArchiveFormatTests
{
    private static readonly ImageArchiveFormat Format = new();

    private static readonly (string Name, byte[] Content)[] Files =
    [
        ("train/dog/2.png", Png(2)),
        ("train/cat/1.png", Png(1)),
        ("train/cat/3.jpg", [0xFF, 0xD8, 0xFF, 0xE0, 3]),
        ("test/cat/4.gif", [.. "GIF89a"u8, 4]),
        ("test/dog/5.webp", [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8 "u8]),
        ("test/dog/6.bmp", [.. "BM"u8, .. new byte[60]]),
        ("__MACOSX/train/cat/._1.png", [1]),
        ("train/.DS_Store", [1]),
        ("train/cat/Thumbs.db", [1]),
    ];

    [Theory]
    [InlineData("zip")]
    [InlineData("tar")]
    public async Task The_folder_is_the_class_and_clutter_is_passed_over(string kind)
    {
        var run = await DatasetRun.OfAsync(Format, Make(kind, Files), new DatasetOptions { SliceColumns = ["split"] }, shardRecords: 4);

        Assert.Empty(run.Errors);
        var expected = Files.Take(6).Select(file => (file.Name, file.Name.Split('/')[1], file.Name.Split('/')[0]));
        expected = kind == "zip" ? expected.OrderBy(item => item.Name, StringComparer.Ordinal) : expected;
        Assert.Equal(expected, run.Records.Select(record => (record.Position.Entry!, ((ImageRecord)record).Label!, record.Slices[0])));
        Assert.All(run.Records, record => Assert.Equal(Files.Single(file => file.Name == record.Position.Entry).Content, ((ImageRecord)record).Content.ToArray()));
        Assert.Equal(["cat", "dog"], run.Description.LabelNames);
        Assert.Equal(ModelTask.ImageClassification, run.Description.Task);
    }

    [Fact]
    public async Task Images_without_a_folder_have_no_label()
    {
        var run = await DatasetRun.OfAsync(Format, Make("zip", [("./1.png", Png(1))]));
        Assert.Null(((ImageRecord)Assert.Single(run.Records)).Label);
        Assert.Empty(run.Description.LabelNames);
    }

    [Fact]
    public async Task The_directory_of_an_opened_zip_archive_is_read_once_not_for_every_shard()
    {
        var folder = new string('c', 200);
        var source = new ByteSource(Make("zip", [.. Enumerable.Range(0, 1000).Select(i => ($"{folder}/{i:D4}.png", Png(i)))]));
        var run = await DatasetRun.OfAsync(Format, source, shardRecords: 10);
        var before = source.BytesRead;

        await foreach (var batch in Format.ReadAsync(source, run.Description, run.Plan.Shards[50], default))
        {
            Assert.Equal(10, batch.Records.Count);
        }

        // An entry of the directory is longer than its name.
        Assert.InRange(source.BytesRead - before, 1, 1000 * folder.Length);
    }

    [Property(MaxTest = 20)]
    public void Any_shard_size_gives_the_same_records(PositiveInt shardRecords, PositiveInt piece, bool zip)
    {
        var bytes = Make(zip ? "zip" : "tar", Files);
        var whole = DatasetRun.OfAsync(Format, bytes).GetAwaiter().GetResult();
        var cut = DatasetRun.OfAsync(Format, bytes, shardRecords: shardRecords.Get, pieceLimit: piece.Get).GetAwaiter().GetResult();
        Assert.Equal(whole.Lines(), cut.Lines());
    }

    [Theory]
    [InlineData("../cat/1.png")]
    [InlineData("cat/../../1.png")]
    [InlineData("/cat/1.png")]
    [InlineData("C:/cat/1.png")]
    [InlineData("cat\\1.png")]
    [InlineData("cat/a\0.png")]
    public async Task Paths_that_climb_out_are_refused_as_bad_records(string name)
    {
        var run = await DatasetRun.OfAsync(Format, Make("zip", [(name, Png(1)), ("cat/2.png", Png(2))]));
        Assert.Equal("archive-path-escape", Assert.Single(run.Errors).Code);
        Assert.Single(run.Records);
        if (!name.Contains('\0', StringComparison.Ordinal))
        {
            run = await DatasetRun.OfAsync(Format, Make("tar", [(name, Png(1)), ("cat/2.png", Png(2))]));
            Assert.Equal("archive-path-escape", Assert.Single(run.Errors).Code);
        }
    }

    [Fact]
    public async Task Links_are_refused_as_bad_records()
    {
        var tar = TarMaker.Make(writer =>
        {
            writer.WriteEntry(TarMaker.Entry(TarEntryFormat.Pax, TarEntryType.RegularFile, "cat/1.png", Png(1)));
            writer.WriteEntry(TarMaker.Link("cat/2.png", "/etc/passwd"));
            writer.WriteEntry(TarMaker.Link("cat/3.png", "cat/1.png", TarEntryType.HardLink));
            writer.WriteEntry(TarMaker.Entry(TarEntryFormat.Pax, TarEntryType.Fifo, "cat/4.png"));
        });
        var run = await DatasetRun.OfAsync(Format, tar);
        Assert.Equal(["archive-link", "archive-link", "archive-special-file"], run.Errors.Select(error => error.Code));

        var zip = MakeZip(archive =>
        {
            Add(archive, "cat/1.png", Png(1));
            Add(archive, "cat/2.png", "/etc/passwd"u8.ToArray()).ExternalAttributes = unchecked((int)0xA1FF0000);
        });
        Assert.Equal("archive-link", Assert.Single((await DatasetRun.OfAsync(Format, zip)).Errors).Code);
    }

    [Fact]
    public async Task What_is_not_an_image_or_is_empty_or_too_large_is_a_bad_record_by_name()
    {
        var bytes = MakeZip(archive =>
        {
            Add(archive, "cat/1.png", Png(1));
            Add(archive, "cat/2.png", "not a picture"u8.ToArray());
            Add(archive, "cat/3.png", []);
            Add(archive, "cat/4.png", new byte[3_000_000]); // zeros: a ratio of about 1,000
            Add(archive, "cat/5.png", new byte[70_000_000], CompressionLevel.NoCompression);
        });

        var run = await DatasetRun.OfAsync(Format, bytes);

        Assert.Equal(["image-format", "image-empty", "archive-ratio", "archive-entry-too-large"], run.Errors.Select(error => error.Code));
        Assert.Equal("cat/2.png", run.Errors[0].Position.Entry);
    }

    [Fact]
    public async Task Encrypted_damaged_and_doubled_entries_are_bad_records()
    {
        var bytes = Make("zip", [("cat/1.png", Png(1)), ("cat/2.png", Png(2)), ("cat/3.png", Png(3)), ("cat/4.png", Png(4)), ("cat/4.png", Png(5))]);
        var directory = FindAll(bytes, [0x50, 0x4B, 1, 2]);
        bytes[directory[0] + 8] |= 1; // encrypted
        bytes[directory[1] + 16] ^= 1; // CRC
        bytes[directory[2] + 10] = 12; // bzip2

        var run = await DatasetRun.OfAsync(Format, bytes);

        Assert.Equal(["archive-encrypted", "archive-entry-corrupt", "archive-compression", "archive-duplicate-entry"], run.Errors.Select(error => error.Code));
        Assert.Equal("cat/4.png", Assert.Single(run.Records).Position.Entry);
    }

    [Fact]
    public async Task A_size_that_lies_is_found_without_inflating_past_it()
    {
        var bytes = Make("zip", [("cat/1.png", [.. Png(1), .. new byte[900_000]])]);
        var directory = FindAll(bytes, [0x50, 0x4B, 1, 2])[0];
        BitConverter.TryWriteBytes(bytes.AsSpan(directory + 24), 100u);

        var error = Assert.Single((await DatasetRun.OfAsync(Format, bytes)).Errors);

        Assert.Equal("archive-entry-corrupt", error.Code);
        Assert.Contains("more than the 100 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entries_that_share_bytes_are_refused_as_a_bomb()
    {
        var bytes = Make("zip", [("cat/1.png", Png(1)), ("cat/2.png", Png(2))]);
        var directory = FindAll(bytes, [0x50, 0x4B, 1, 2]);
        bytes.AsSpan(directory[0] + 42, 4).CopyTo(bytes.AsSpan(directory[1] + 42));

        Assert.Equal("zip-overlap", (await DatasetRun.ProblemAsync(Format, bytes)).Code);
    }

    [Fact]
    public async Task Absurd_counts_are_refused_before_anything_is_allocated()
    {
        var bytes = Make("zip", [("cat/1.png", Png(1))]);
        var end = FindAll(bytes, [0x50, 0x4B, 5, 6])[0];
        BitConverter.TryWriteBytes(bytes.AsSpan(end + 10), ushort.MaxValue - 1);
        Assert.Equal("zip-corrupt", (await DatasetRun.ProblemAsync(Format, bytes)).Code);

        BitConverter.TryWriteBytes(bytes.AsSpan(end + 12), uint.MaxValue - 1);
        Assert.Equal("zip-too-many-entries", (await DatasetRun.ProblemAsync(Format, bytes)).Code);
    }

    [Fact]
    public async Task Truncated_archives_are_told_with_the_byte()
    {
        var zip = Make("zip", Files);
        var problem = await DatasetRun.ProblemAsync(Format, zip[..^40]);
        Assert.Equal(("zip-truncated", $"byte {zip.Length - 40}"), (problem.Code, problem.Where));

        var tar = Make("tar", Files);
        Assert.Equal("tar-truncated", (await DatasetRun.ProblemAsync(Format, tar[..^2000])).Code);
        var twice = await DatasetRun.ProblemAsync(Format, Make("tar", [("cat/1.png", Png(1)), ("cat/1.png", Png(2))]));
        Assert.Equal("archive-duplicate-entry", twice.Code);
    }

    [Fact]
    public async Task Other_archives_are_not_taken()
    {
        Assert.Null(await Format.RecognizeAsync(new ByteSource(Make("zip", [("word/document.xml", [1]), ("word/styles.xml", [1]), ("a/1.png", Png(1))])), DatasetOptions.Default, default));
        Assert.Null(await Format.RecognizeAsync(new ByteSource(TarMaker.Make(("train/pos/0_9.txt", "x"))), DatasetOptions.Default, default));
        Assert.Null(await Format.RecognizeAsync(new ByteSource("PAR1"u8.ToArray()), DatasetOptions.Default, default));
        var asked = new DatasetOptions { Format = "image-archive" };
        Assert.Equal("image-archive-not-recognized", (await DatasetRun.ProblemAsync(Format, "hello"u8.ToArray(), asked)).Code);
        Assert.Null(await Format.RecognizeAsync(new ByteSource(Make("zip", [])), DatasetOptions.Default, default));
    }

    [Fact]
    public Task Damaged_zips_give_problems_or_bad_records_only() => Fuzz.RunAsync(Format, Make("zip", Files), 1500, seed: 15);

    [Fact]
    public Task Damaged_tars_give_problems_or_bad_records_only() => Fuzz.RunAsync(Format, Make("tar", Files), 500, seed: 16);

    private static byte[] Png(int seed) => [0x89, .. "PNG\r\n\u001a\n"u8, .. Encoding.ASCII.GetBytes($"pixels {seed}")];

    private static byte[] Make(string kind, (string Name, byte[] Content)[] files) => kind == "tar"
        ? TarMaker.Make(TarEntryFormat.Pax, files)
        : MakeZip(archive => Array.ForEach(files, file => Add(archive, file.Name, file.Content)));

    private static byte[] MakeZip(Action<ZipArchive> write)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            write(archive);
        }

        return stream.ToArray();
    }

    private static ZipArchiveEntry Add(ZipArchive archive, string name, byte[] content, CompressionLevel level = CompressionLevel.Fastest)
    {
        var entry = archive.CreateEntry(name, level);
        entry.LastWriteTime = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var stream = entry.Open();
        stream.Write(content);
        return entry;
    }

    private static List<int> FindAll(byte[] bytes, byte[] mark)
    {
        var found = new List<int>();
        for (var at = bytes.AsSpan().IndexOf(mark); at >= 0 && found.Count < 100;)
        {
            found.Add(at);
            var next = bytes.AsSpan(at + 1).IndexOf(mark);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return found;
    }
}
