using System.Text;
using System.Text.Json.Nodes;
using AiAssignments.Bench.Table;
using AiAssignments.Core.Errors;

namespace AiAssignments.Tests.Bench;

public sealed class BenchTableFileTests
{
    [Fact]
    public void A_table_reads_back_as_it_was_written()
    {
        var table = BenchSamples.Full();
        var read = BenchTableFile.Parse(BenchSamples.Json(table), "bench.json");
        Assert.Equal(BenchSamples.Text(table), BenchSamples.Text(read));
        Assert.Equal(new BenchLoad(5_000, 1_000), read.Loads["gateway"]);
        Assert.Equal((40, 30, 50), (read.Rows[1].Median, read.Rows[1].Min, read.Rows[1].Max));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"schema\":\"1.0\",\"rows\":null}")]
    [InlineData("not json at all")]
    [InlineData("\u0000\uFFFF{")]
    public void What_is_no_table_is_refused(string text) => Refused(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void Garbled_tables_are_refused_or_read_never_worse()
    {
        // Every prefix of a table, and the table with each of some bytes turned over.
        var whole = BenchSamples.Json(BenchSamples.Full());
        for (var length = 0; length < whole.Length - 2; length += 7)
        {
            Refused(whole[..length]);
        }

        for (var at = 0; at < whole.Length; at += 3)
        {
            var turned = whole.ToArray();
            turned[at] ^= 0x15;
            try
            {
                BenchTableFile.Parse(turned, "bench.json");
            }
            catch (ProblemException refused)
            {
                Assert.Equal("bench-file-invalid", refused.Problem.Code);
            }
        }
    }

    [Theory]
    [InlineData("rounds", "[]")]
    [InlineData("rounds", "[1e999]")]
    [InlineData("rounds", "[-1]")]
    [InlineData("rounds", "null")]
    [InlineData("figure", "null")]
    [InlineData("figure.id", "null")]
    [InlineData("figure.id", "\"\"")]
    [InlineData("figure.unit", "null")]
    [InlineData("figure.better", "\"sideways\"")]
    [InlineData("figure.section", "\"elsewhere\"")]
    public void A_row_that_cannot_be_is_refused(string path, string value)
    {
        var table = JsonNode.Parse(BenchSamples.Json(BenchSamples.Full()))!;
        var row = table["rows"]![1]!;
        var parts = path.Split('.');
        var holder = parts.Length == 2 ? row[parts[0]]! : row;
        holder[parts[^1]] = value.Contains("e999", StringComparison.Ordinal) ? null : JsonNode.Parse(value);
        var text = table.ToJsonString();
        Refused(Encoding.UTF8.GetBytes(value.Contains("e999", StringComparison.Ordinal) ? text.Replace("\"rounds\":null", $"\"rounds\":{value}", StringComparison.Ordinal) : text));
    }

    [Fact]
    public void Two_rows_of_one_id_are_refused()
    {
        var row = BenchSamples.Time("gateway.p99", 1, 2);
        var refused = Assert.Throws<ProblemException>(() => BenchTableFile.Parse(BenchSamples.Json(BenchSamples.Table(row, row)), "bench.json"));
        Assert.Equal(("bench-file-invalid", "bench.json, row 1"), (refused.Problem.Code, refused.Problem.Where));
    }

    [Fact]
    public void Another_version_is_named() =>
        Assert.Contains("another version", Assert.Throws<ProblemException>(() => BenchTableFile.Parse(BenchSamples.Json(BenchSamples.Full() with { Schema = "9.9" }), "bench.json")).Message, StringComparison.Ordinal);

    [Fact]
    public void Loads_past_all_bounds_are_not_offered_again()
    {
        var table = BenchSamples.Full() with { Loads = new Dictionary<string, BenchLoad> { ["gateway"] = new(1e9, 5), ["store"] = new(50, 1_000_000), ["upload"] = new(50, 25) } };
        Assert.Equal(["upload"], BenchTableFile.Parse(BenchSamples.Json(table), "bench.json").Loads.Keys);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.Equal("bench-file-not-found", Assert.Throws<ProblemException>(() => BenchTableFile.Read("no-such-bench.json")).Problem.Code);

    private static void Refused(byte[] json) => Assert.Equal("bench-file-invalid", Assert.Throws<ProblemException>(() => BenchTableFile.Parse(json, "bench.json")).Problem.Code);
}
