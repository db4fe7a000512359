using global::Parquet;
using global::Parquet.Schema;

namespace AiAssignments.Tests.Datasets.Parquet;

/// <summary>Makes Parquet files in the ways of Hugging Face exports with Parquet.Net, which shares no code with our reader.</summary>
internal static class ParquetMaker
{
    public const string TextFeatures = """{"info": {"features": {"text": {"dtype": "string", "_type": "Value"}, "label": {"names": ["neg", "pos"], "_type": "ClassLabel"}}}}""";

    public static Task<byte[]> TextsAsync(
        IReadOnlyList<string?> texts, IReadOnlyList<long> labels, int rowGroup = 1_000_000,
        CompressionMethod method = CompressionMethod.Snappy, string? features = TextFeatures) =>
        WriteAsync(
            new ParquetSchema(new DataField<string>("text"), new DataField<long>("label"), new DataField<string>("unwanted")),
            features,
            method,
            Enumerable.Range(0, (texts.Count + rowGroup - 1) / rowGroup).Select(group => group * (long)rowGroup),
            async (writer, fields, start) =>
            {
                var rows = Enumerable.Range((int)start, (int)Math.Min(rowGroup, texts.Count - start)).ToList();
                await writer.WriteAsync(fields[0], rows.Select(row => texts[row]!).ToArray());
                await writer.WriteAsync<long>(fields[1], rows.Select(row => labels[row]).ToArray());
                await writer.WriteAsync(fields[2], rows.Select(row => new string('u', 500) + row).ToArray());
            });

    public static Task<byte[]> ImagesAsync(IReadOnlyList<byte[]?> images, IReadOnlyList<long> labels) =>
        WriteAsync(
            new ParquetSchema(new StructField("img", new DataField<byte[]>("bytes"), new DataField<string>("path")), new DataField<long>("label")),
            """{"info": {"features": {"img": {"_type": "Image"}, "label": {"names": ["cat", "dog"], "_type": "ClassLabel"}}}}""",
            CompressionMethod.Snappy,
            [0],
            async (writer, fields, _) =>
            {
                await writer.WriteAsync(fields[0], images.ToArray()!);
                await writer.WriteAsync(fields[1], images.Select((_, i) => $"{i}.png").ToArray());
                await writer.WriteAsync<long>(fields[2], labels.ToArray());
            });

    public static Task<byte[]> SentencesAsync(IReadOnlyList<(string[] Words, long[] Tags)> sentences) =>
        WriteAsync(
            new ParquetSchema(new ListField("tokens", new DataField<string>("element")), new ListField("ner_tags", new DataField<long?>("element"))),
            """{"info": {"features": {"tokens": {"feature": {"_type": "Value"}}, "ner_tags": {"feature": {"names": ["O", "B-PER", "I-PER"], "_type": "ClassLabel"}, "_type": "Sequence"}}}}""",
            CompressionMethod.Snappy,
            [0],
            async (writer, fields, _) =>
            {
                await writer.WriteAsync(fields[0], sentences.SelectMany(sentence => sentence.Words).ToArray(), Levels(sentences.Select(sentence => sentence.Words.Length)));
                await writer.WriteAsync<long>(fields[1], sentences.SelectMany(sentence => sentence.Tags.Select(tag => (long?)tag)).ToArray(), Levels(sentences.Select(sentence => sentence.Tags.Length)));
            });

    public static async Task<byte[]> WriteAsync(
        ParquetSchema schema, string? features, CompressionMethod method, IEnumerable<long> groups, Func<ParquetRowGroupWriter, DataField[], long, Task> write)
    {
        using var stream = new MemoryStream();
        var writer = await ParquetWriter.CreateAsync(schema, stream, new ParquetOptions { CompressionMethod = method });
        await using (writer)
        {
            if (features is not null)
            {
                writer.CustomMetadata = new Dictionary<string, string> { ["huggingface"] = features };
            }

            foreach (var start in groups)
            {
                using var group = writer.CreateRowGroup();
                await write(group, schema.GetDataFields(), start);
            }
        }

        return stream.ToArray();
    }

    private static ReadOnlyMemory<int> Levels(IEnumerable<int> lengths) =>
        lengths.SelectMany(length => Enumerable.Range(0, length).Select(i => i == 0 ? 0 : 1)).ToArray();
}
