using AiAssignments.Core.Errors;
using AiAssignments.LoadTesting.Arrivals;

namespace AiAssignments.Tests.LoadTesting;

public sealed class TraceFileTests
{
    [Fact]
    public void Csv_with_all_columns()
    {
        var entries = Read("offset,method,path,body\n0,GET,/a,\n0.25,POST,\"/b?x=1,2\",\"{\"\"text\"\":\"\"hi\"\"}\"\r\n\n1.5,,,\n");
        Assert.Equal([0, 2_500_000, 15_000_000], entries.Select(entry => entry.Ticks));
        Assert.Equal(new TraceEntry(2_500_000, "POST", "/b?x=1,2", "{\"text\":\"hi\"}"), entries[1]);
        Assert.Equal(new TraceEntry(15_000_000, null, null, null), entries[2]);
    }

    [Fact]
    public void Json_lines_take_a_body_of_any_kind()
    {
        var entries = Read("{\"offset\":0,\"body\":{\"text\":\"hi\"}}\n{\"offset\":0.1,\"path\":\"/p\",\"body\":\"plain\"}\n{\"offset\":0.1,\"method\":\"DELETE\",\"body\":null}");
        Assert.Equal(["{\"text\":\"hi\"}", "plain", null], entries.Select(entry => entry.Body));
        Assert.Equal("/p", entries[1].Path);
        Assert.Equal("DELETE", entries[2].Method);
    }

    [Theory]
    [InlineData("", "holds no request")]
    [InlineData("offset\n", "holds no request")]
    [InlineData("time,path\n0,/\n", "line 1")]
    [InlineData("offset,path\n0\n", "line 2")]
    [InlineData("offset\n1\n0.5\n", "line 3")]
    [InlineData("offset\n-1\n", "line 2")]
    [InlineData("offset\nNaN\n", "line 2")]
    [InlineData("offset\n1e300\n", "line 2")]
    [InlineData("offset,path\n0,\"/a\n", "line 2")]
    [InlineData("{\"offset\":0}\n{\"path\":\"/\"}\n", "line 2")]
    [InlineData("{\"offset\":\"0\"}\n", "line 1")]
    [InlineData("{\"offset\":0\n", "line 1")]
    [InlineData("{\"offset\":0}\n[1]\n", "line 2")]
    [InlineData("{\"offset\":0,\"path\":7}\n", "line 1")]
    public void What_is_no_trace_is_refused_with_its_line(string text, string told)
    {
        var refused = Assert.Throws<ProblemException>(() => Read(text));
        Assert.Equal("trace-invalid", refused.Problem.Code);
        Assert.Contains(told, refused.Problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_without_end_is_refused_before_it_is_in_memory()
    {
        using var endless = new EndlessText();
        Assert.Equal("line-too-long", Assert.Throws<ProblemException>(() => TraceFile.Read(endless, "t")).Problem.Code);
        Assert.InRange(endless.Characters, 1, TraceFile.LongestLine + 10);
    }

    [Fact]
    public void A_replay_has_the_trace_s_times_or_a_multiple_of_its_speed()
    {
        var arrivals = new TraceArrivals(Read("offset\n0\n1\n3\n"), 2);
        var times = new List<long>();
        while (arrivals.TryNext(out var ticks))
        {
            times.Add(ticks);
        }

        Assert.Equal([0, 5_000_000, 15_000_000], times);
    }

    private static IReadOnlyList<TraceEntry> Read(string text)
    {
        using var reader = new StringReader(text);
        return TraceFile.Read(reader, "trace");
    }

    private sealed class EndlessText : TextReader
    {
        public long Characters { get; private set; }

        public override int Read()
        {
            Characters++;
            return 'x';
        }
    }
}
