using System.Text;
using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Reports;
using AiAssignments.Evaluation.Results;
using FsCheck.Xunit;

namespace AiAssignments.Tests.Reports;

public sealed class PredictionRowFileTests
{
    [Fact]
    public async Task Rows_come_back_as_they_were()
    {
        PredictionRow[] rows =
        [
            PredictionRows.Text(0, "a\n\"b\"\u2028<script>é😀\0", "positive", "negative", 0.1f),
            PredictionRows.Text(long.MaxValue, string.Empty, null) with { Slices = [] },
            PredictionRows.Sentence(2, ["Ada", ""], null, ["B-PER", "O"]),
            PredictionRows.Sentence(3, [], [], []),
        ];
        var bytes = await Write(rows);

        Assert.Equal(JsonSerializer.Serialize(rows), JsonSerializer.Serialize(await Read(bytes)));
        Assert.Equal(rows.Length, bytes.Count(value => value == '\n'));
    }

    [Property(MaxTest = 300)]
    public void Single_precision_comes_back_to_the_bit(int bits)
    {
        var value = BitConverter.Int32BitsToSingle(bits);
        value = float.IsFinite(value) ? value : 0.1f;
        var row = PredictionRows.Text(1) with { Confidence = value, Probabilities = [value, MathF.BitIncrement(0.3f)] };
        var read = Read(Write([row]).GetAwaiter().GetResult()).GetAwaiter().GetResult().Single();

        Assert.Equal(BitConverter.SingleToInt32Bits(value), BitConverter.SingleToInt32Bits(read.Confidence));
        Assert.Equal(row.Probabilities.Select(BitConverter.SingleToInt32Bits), read.Probabilities!.Select(BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public async Task Many_rows_cross_the_buffers()
    {
        var rows = Enumerable.Range(0, 3000).Select(i => PredictionRows.Text(i, new string('x', i % 301))).ToArray();
        var read = await Read(await Write(rows));

        Assert.Equal(rows.Select(row => (row.Record, row.Input)), read.Select(row => (row.Record, row.Input)));
    }

    [Theory]
    [InlineData("{\"record\":1", "cut off")]
    [InlineData("null\n", "null")]
    [InlineData("[]\n", "not the JSON")]
    [InlineData("{\"record\":\"x\"}\n", "not the JSON")]
    [InlineData("\n", "not the JSON")]
    public async Task Damage_is_named_with_its_line(string text, string what)
    {
        var good = await Write([PredictionRows.Text(0)]);
        var thrown = await Assert.ThrowsAsync<ProblemException>(() => Read([.. good, .. Encoding.UTF8.GetBytes(text)]));

        Assert.Equal("predictions-corrupt", thrown.Problem.Code);
        Assert.Equal("line 2", thrown.Problem.Where);
        Assert.Contains(what, thrown.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Not_a_number_is_refused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => Write([PredictionRows.Text(0) with { Confidence = float.NaN }]));

    private static async Task<byte[]> Write(IEnumerable<PredictionRow> rows)
    {
        using var output = new MemoryStream();
        await PredictionRowFile.WriteAsync(rows, output);
        return output.ToArray();
    }

    private static async Task<List<PredictionRow>> Read(byte[] bytes)
    {
        using var input = new MemoryStream(bytes);
        var rows = new List<PredictionRow>();
        await foreach (var row in PredictionRowFile.ReadAsync(input))
        {
            rows.Add(row);
        }

        return rows;
    }
}
