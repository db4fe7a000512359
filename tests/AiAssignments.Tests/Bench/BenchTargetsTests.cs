using System.Text;
using AiAssignments.Bench.Targets;
using AiAssignments.Core.Errors;

namespace AiAssignments.Tests.Bench;

public sealed class BenchTargetsTests
{
    [Fact]
    public void The_defaults_are_those_of_the_first_table()
    {
        Assert.Equal((5, 15, 25), (BenchTargets.Defaults["gateway.average"], BenchTargets.Defaults["gateway.p95"], BenchTargets.Defaults["gateway.p99"]));
        Assert.Equal((10_000, 5_000), (BenchTargets.Defaults["gateway.requests-per-second"], BenchTargets.Defaults["gateway.users"]));
        Assert.Equal((25, 85, 150), (BenchTargets.Defaults["shape.bert-base.batch-1.average"], BenchTargets.Defaults["shape.bert-base.batch-8.average"], BenchTargets.Defaults["shape.bert-base.batch-16.average"]));
        Assert.Equal((50, 25, 200), (BenchTargets.Defaults["upload.requests-per-second"], BenchTargets.Defaults["upload.users"], BenchTargets.Defaults["upload.megabytes-per-second"]));
        Assert.All(BenchTargets.Defaults.Values, target => Assert.True(target > 0));
    }

    [Fact]
    public void A_file_replaces_adds_and_takes_away()
    {
        var targets = Parse("""{"gateway.p99": 30, "model.mine.batch-1.average": 7.5, "upload.p99": null}""");
        Assert.Equal(30, targets["gateway.p99"]);
        Assert.Equal(7.5, targets["model.mine.batch-1.average"]);
        Assert.False(targets.ContainsKey("upload.p99"));
        Assert.Equal(15, targets["gateway.p95"]);
        Assert.Equal(25, BenchTargets.Defaults["gateway.p99"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{\"gateway.p99\": \"fast\"}")]
    [InlineData("{\"gateway.p99\": -1}")]
    [InlineData("{\"gateway.p99\": 0}")]
    [InlineData("{\"gateway.p99\": 1e999}")]
    [InlineData("{\"gateway.p99\": {}}")]
    [InlineData("{\"gateway.p99\": 1, \"gateway.p99\": 2}")]
    [InlineData("{\"\": 1}")]
    [InlineData("{\"gateway.p99\": 1")]
    [InlineData("\u0000\u0001")]
    public void What_is_no_table_of_targets_is_refused(string json) =>
        Assert.Equal("targets-invalid", Assert.Throws<ProblemException>(() => Parse(json)).Problem.Code);

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.Equal("targets-not-found", Assert.Throws<ProblemException>(() => BenchTargets.Read("no-such-targets.json")).Problem.Code);

    private static IReadOnlyDictionary<string, double> Parse(string json) => BenchTargets.Parse(Encoding.UTF8.GetBytes(json), "targets.json");
}
