using AiAssignments.Evaluation.Reports;
using AiAssignments.Evaluation.Results;
using Parquet;
using Parquet.Schema;

namespace AiAssignments.Tests.Reports;

public sealed class PredictionParquetWriterTests
{
    [Fact]
    public async Task Columns_are_typed_and_texts_are_as_they_were()
    {
        using var file = await Write(PredictionRows.Texts, PredictionRows.Text(0, "=1\0\"é😀"), PredictionRows.Text(1, "bad", "positive", "negative", 0.1f), PredictionRows.Text(2, "?", null));
        await using var reader = await ParquetReader.CreateAsync(file);
        using var group = reader.OpenRowGroupReader(0);

        Assert.Equal(["record", "where", "input", "truth", "predicted", "correct", "confidence", "length", "probabilities", "slice:source"], reader.Schema.Fields.Select(field => field.Name));
        Assert.Equal("[\"negative\",\"positive\"]", reader.CustomMetadata["labels"]);
        Assert.Equal("text-classification", reader.CustomMetadata["task"]);
        Assert.Equal("0 1 2", await Numbers<long>(group, reader.Schema, "record"));
        Assert.Equal("0.75 0.1 0.75", await Numbers<float>(group, reader.Schema, "confidence"));
        Assert.Equal((string?[])["=1\0\"é😀", "bad", "?"], await Texts(group, reader.Schema, "input"));
        Assert.Equal((string?[])["positive", "positive", null], await Texts(group, reader.Schema, "truth"));
        var correct = new bool?[3];
        await group.ReadAsync<bool>(Field(reader.Schema, "correct"), correct.AsMemory());
        Assert.Equal([true, false, null], correct);
        Assert.Equal((string?[])["0.25 0.75", "0.9 0.1", "0.25 0.75"], await Lists<float>(group, reader.Schema, "probabilities"));
    }

    [Fact]
    public async Task Lists_of_words_keep_null_and_empty_apart()
    {
        using var file = await Write(PredictionRows.Tags, PredictionRows.Sentence(0, ["Ada", "came"], ["B-PER", "O"], ["B-PER", "O"]), PredictionRows.Sentence(1, [], [], []), PredictionRows.Sentence(2, ["x"], null, ["O"]));
        await using var reader = await ParquetReader.CreateAsync(file);
        using var group = reader.OpenRowGroupReader(0);

        Assert.Equal((string?[])["Ada came", "", "x"], await Lists<ReadOnlyMemory<char>>(group, reader.Schema, "words"));
        Assert.Equal((string?[])["B-PER O", "", null], await Lists<ReadOnlyMemory<char>>(group, reader.Schema, "true_tags"));
        Assert.Equal((string?[])["B-PER O", "", "O"], await Lists<ReadOnlyMemory<char>>(group, reader.Schema, "predicted_tags"));
    }

    [Fact]
    public async Task Many_rows_become_several_groups_in_a_stream_that_cannot_seek()
    {
        using var output = new CountingStream();
        var count = await PredictionParquetWriter.WriteAsync(PredictionRows.Stream(Enumerable.Range(0, 25_000).Select(i => PredictionRows.Text(i))), PredictionRows.Texts, output);
        Assert.Equal(25_000, count);
        Assert.InRange(output.Length, 1, 25_000 * 60);

        using var file = await Write(PredictionRows.Texts, [.. Enumerable.Range(0, 25_000).Select(i => PredictionRows.Text(i))]);
        await using var reader = await ParquetReader.CreateAsync(file);
        Assert.Equal(3, reader.RowGroupCount);
        using var last = reader.OpenRowGroupReader(2);
        Assert.EndsWith(" 24998 24999", await Numbers<long>(last, reader.Schema, "record"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_rows_are_an_empty_file_and_columns_of_one_name_are_told_apart()
    {
        using var file = await Write(PredictionRows.Texts with { SliceColumns = ["a", "a", "a.b"] });
        await using var reader = await ParquetReader.CreateAsync(file);

        Assert.Equal(["slice:a", "slice:a (2)", "slice:a.b"], reader.Schema.Fields.TakeLast(3).Select(field => field.Name));
        Assert.Equal(0, reader.RowGroups.Sum(group => group.RowCount));
    }

    private static async Task<MemoryStream> Write(PredictionColumns columns, params PredictionRow[] rows)
    {
        var output = new MemoryStream();
        await PredictionParquetWriter.WriteAsync(PredictionRows.Stream(rows), columns, output);
        output.Position = 0;
        return output;
    }

    private static DataField Field(ParquetSchema schema, string column) => schema.DataFields.Single(field => field.Path.FirstPart == column);

    private static async Task<string> Numbers<T>(ParquetRowGroupReader group, ParquetSchema schema, string column)
        where T : struct
    {
        var values = new T[group.RowCount];
        await group.ReadAsync(Field(schema, column), values.AsMemory());
        return string.Join(' ', values.Select(value => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static async Task<List<string?>> Texts(ParquetRowGroupReader group, ParquetSchema schema, string column)
    {
        var values = new string?[group.RowCount];
        await group.ReadAsync(Field(schema, column), values.AsMemory());
        return [.. values];
    }

    // Rows put together again from Dremel levels: null for no list, else the items joined by blanks.
    private static async Task<List<string?>> Lists<T>(ParquetRowGroupReader group, ParquetSchema schema, string column)
        where T : struct
    {
        var field = Field(schema, column);
        var count = (int)group.GetMetadata(field)!.MetaData!.NumValues;
        var (values, definitions, repetitions) = (new T[count], new int[count], new int[count]);
        await group.ReadRawAsync<T>(field, values.AsMemory(), definitions.AsMemory(), repetitions.AsMemory());
        var rows = new List<string?>();
        var next = 0;
        for (var i = 0; i < count; i++)
        {
            var item = definitions[i] == field.MaxDefinitionLevel ? Convert.ToString((object)values[next++], System.Globalization.CultureInfo.InvariantCulture) : null;
            if (repetitions[i] == 0)
            {
                rows.Add(definitions[i] == 0 ? null : item ?? string.Empty);
            }
            else
            {
                rows[^1] += " " + item;
            }
        }

        return rows;
    }
}
