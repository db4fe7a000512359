using System.Text;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Datasets.Parquet;
using AiAssignments.Tests.Datasets.Archives;
using FsCheck;
using FsCheck.Xunit;
using global::Parquet;
using global::Parquet.Schema;

namespace AiAssignments.Tests.Datasets.Parquet;

public sealed class ParquetFormatTests
{
    private static readonly ParquetFormat Format = new();

    private static readonly string[] Texts = [.. Enumerable.Range(0, 100).Select(i => $"text {i % 7} – é {new string('x', i)}")];

    private static readonly long[] Labels = [.. Enumerable.Range(0, 100).Select(i => i % 2L)];

    [Theory]
    [InlineData(CompressionMethod.None)]
    [InlineData(CompressionMethod.Snappy)]
    [InlineData(CompressionMethod.Gzip)]
    [InlineData(CompressionMethod.Zstd)]
    [InlineData(CompressionMethod.Brotli)]
    [InlineData(CompressionMethod.Lz4Raw)]
    public async Task Texts_labels_and_class_names_are_those_that_were_written(CompressionMethod method)
    {
        var bytes = await ParquetMaker.TextsAsync(Texts, Labels, 30, method);

        var run = await DatasetRun.OfAsync(Format, bytes, shardRecords: 40);

        Assert.Equal(Texts, run.Records.Select(record => ((TextRecord)record).Text));
        Assert.Equal(Labels.Select(label => $"{label}"), run.Records.Select(record => ((TextRecord)record).Label));
        Assert.Equal(["neg", "pos"], run.Description.LabelNames);
        Assert.Equal("Hugging Face export", run.Description.Layout);
        Assert.Equal((ModelTask.TextClassification, "text", "label"), (run.Description.Task, run.Description.InputColumn, run.Description.LabelColumn));
        Assert.Equal([30, 30, 40], run.Plan.Shards.Select(shard => shard.RecordCount));
    }

    [Fact]
    public async Task Pairs_and_slices_are_found_and_columns_can_be_named()
    {
        var schema = new ParquetSchema(new DataField<string>("premise"), new DataField<string>("hypothesis"), new DataField<bool>("hard"), new DataField<double>("gold"));
        var bytes = await ParquetMaker.WriteAsync(schema, null, CompressionMethod.Snappy, [0], async (writer, fields, _) =>
        {
            await writer.WriteAsync(fields[0], ["a", "b"]);
            await writer.WriteAsync(fields[1], ["c", "d"]);
            await writer.WriteAsync<bool>(fields[2], new[] { true, false });
            await writer.WriteAsync<double>(fields[3], new[] { 0.5, 1 });
        });

        var run = await DatasetRun.OfAsync(Format, bytes, new DatasetOptions { LabelColumn = "3", SliceColumns = ["hard"] });

        var second = (TextRecord)run.Records[1];
        Assert.Equal(("b", "d", "1"), (second.Text, second.Pair, second.Label));
        Assert.Equal(["false"], second.Slices);
    }

    [Fact]
    public async Task Images_come_out_of_the_struct_and_bad_ones_are_bad_records()
    {
        byte[] png = [0x89, .. "PNG\r\n\u001a\n"u8, 1];
        var run = await DatasetRun.OfAsync(Format, await ParquetMaker.ImagesAsync([png, null, "text"u8.ToArray(), png], [1, 0, 0, -1]));

        var images = run.Records.Cast<ImageRecord>().ToList();
        Assert.Equal(ModelTask.ImageClassification, run.Description.Task);
        Assert.All(images, image => Assert.Equal(png, image.Content.ToArray()));
        Assert.Equal(["1", null], images.Select(image => image.Label));
        Assert.Equal(["image-missing", "image-format"], run.Errors.Select(error => error.Code));
        Assert.Equal(["cat", "dog"], run.Description.LabelNames);
    }

    [Fact]
    public async Task Words_come_with_tags_by_name_and_bad_rows_are_kept()
    {
        (string[], long[])[] rows = [(["Ann", "Lee", "sat"], [1, 2, 0]), (["one"], [0, 0]), (["two"], [7]), (["Łódź", "!"], [1, 0])];

        var run = await DatasetRun.OfAsync(Format, await ParquetMaker.SentencesAsync(rows), shardRecords: 3);

        var sentences = run.Records.Cast<WordsRecord>().ToList();
        Assert.Equal(["Ann Lee sat", "Łódź !"], sentences.Select(sentence => string.Join(' ', sentence.Words)));
        Assert.Equal(["B-PER I-PER O", "B-PER O"], sentences.Select(sentence => string.Join(' ', sentence.Tags!)));
        Assert.Equal(["words-tags-mismatch", "tag-unknown"], run.Errors.Select(error => error.Code));
        Assert.Equal("IOB2", run.Description.Details["scheme"]);
    }

    [Property(MaxTest = 15)]
    public void Any_shard_size_and_row_group_size_give_the_same_records(PositiveInt shardRecords, PositiveInt rowGroup, PositiveInt piece)
    {
        var bytes = ParquetMaker.TextsAsync(Texts, Labels, rowGroup.Get).GetAwaiter().GetResult();
        var run = DatasetRun.OfAsync(Format, bytes, shardRecords: shardRecords.Get, pieceLimit: piece.Get + 20).GetAwaiter().GetResult();
        Assert.Equal(Texts, run.Records.Select(record => ((TextRecord)record).Text));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (long)i), run.Records.Select(record => record.Position.Index));
    }

    [Fact]
    public async Task Unwanted_columns_are_not_read()
    {
        var bytes = await ParquetMaker.TextsAsync([.. Enumerable.Repeat("short", 20_000)], new long[20_000], method: CompressionMethod.None);
        var source = new ByteSource(bytes);

        await DatasetRun.OfAsync(Format, source, shardRecords: 20_000);

        Assert.InRange(bytes.Length, 10_000_000, int.MaxValue);
        Assert.InRange(source.BytesRead, 1, 2_000_000);
    }

    [Fact]
    public async Task Null_texts_and_bytes_that_are_not_text_are_bad_records()
    {
        var schema = new ParquetSchema(new DataField<byte[]>("text"), new DataField<int?>("label"));
        var bytes = await ParquetMaker.WriteAsync(schema, "{ not json", CompressionMethod.None, [0], async (writer, fields, _) =>
        {
            await writer.WriteAsync(fields[0], new byte[]?[] { "fine"u8.ToArray(), null, [0xFF], [(byte)'a', 0], "last"u8.ToArray() }!);
            await writer.WriteAsync<int>(fields[1], new int?[] { 1, 1, 1, 1, null });
        });

        var run = await DatasetRun.OfAsync(Format, bytes);

        Assert.Equal(["fine", "last"], run.Records.Select(record => ((TextRecord)record).Text));
        Assert.Equal(["1", null], run.Records.Select(record => ((TextRecord)record).Label));
        Assert.Equal(["text-missing", "text-not-utf8", "text-nul"], run.Errors.Select(error => error.Code));
    }

    [Fact]
    public async Task Damage_encryption_and_missing_columns_are_told()
    {
        var bytes = await ParquetMaker.TextsAsync(Texts, Labels);
        Assert.Equal("parquet-corrupt", (await DatasetRun.ProblemAsync(Format, bytes[..^50])).Code);

        var length = bytes.ToArray();
        BitConverter.TryWriteBytes(length.AsSpan(length.Length - 8), uint.MaxValue);
        Assert.Equal("parquet-corrupt", (await DatasetRun.ProblemAsync(Format, length)).Code);

        byte[] encrypted = [.. "PARE"u8, .. bytes[4..^4], .. "PARE"u8];
        Assert.Equal("parquet-encrypted", (await DatasetRun.ProblemAsync(Format, encrypted)).Code);

        var missing = await DatasetRun.ProblemAsync(Format, bytes, new DatasetOptions { LabelColumn = "stars" });
        Assert.Equal("dataset-column-unknown", missing.Code);
        Assert.Contains("text (ByteArray), label (Int64)", missing.Message, StringComparison.Ordinal);
        Assert.Equal("parquet-column-type", (await DatasetRun.ProblemAsync(Format, bytes, new DatasetOptions { InputColumn = "label" })).Code);
        Assert.Equal("parquet-column-type", (await DatasetRun.ProblemAsync(Format, bytes, new DatasetOptions { InputColumn = "text", Task = ModelTask.TokenClassification })).Code);
        Assert.Equal("dataset-empty", (await DatasetRun.ProblemAsync(Format, await ParquetMaker.TextsAsync([], []))).Code);
        Assert.Null(await Format.RecognizeAsync(new ByteSource(Encoding.UTF8.GetBytes("text,label\n")), DatasetOptions.Default, default));
    }

    [Fact]
    public async Task A_file_without_text_words_or_images_names_its_columns()
    {
        var bytes = await ParquetMaker.WriteAsync(new ParquetSchema(new DataField<int>("n")), null, CompressionMethod.None, [0], (writer, fields, _) =>
            writer.WriteAsync<int>(fields[0], new[] { 1 }));

        var problem = await DatasetRun.ProblemAsync(Format, bytes);

        Assert.Equal("parquet-no-input-column", problem.Code);
        Assert.Contains("n (Int32)", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_texts_give_problems_or_bad_records_only() =>
        await Fuzz.RunAsync(Format, await ParquetMaker.TextsAsync(Texts[..12], Labels[..12], 5), 1500, seed: 17);

    [Fact]
    public async Task Damaged_lists_give_problems_or_bad_records_only() =>
        await Fuzz.RunAsync(Format, await ParquetMaker.SentencesAsync([(["Ann", "Lee", "sat"], [1, 2, 0]), (["one"], [0])]), 1500, seed: 18);
}
