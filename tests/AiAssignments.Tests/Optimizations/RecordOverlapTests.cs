using AiAssignments.Core.Datasets;
using AiAssignments.Core.Workflows;
using AiAssignments.Pipeline.Datasets;
using AiAssignments.Pipeline.Optimizations;
using AiAssignments.Pipeline.Optimizations.Passes;
using AiAssignments.Tests.Pipeline;

namespace AiAssignments.Tests.Optimizations;

/// <summary>Records of the gate that a pass has looked at are counted by what a model sees of them.</summary>
public sealed class RecordOverlapTests
{
    [Fact]
    public async Task Labels_and_order_make_no_difference_and_every_gate_record_counts()
    {
        var own = Texts("a", "b", "c", "b");
        var gate = new[] { Record("b", "other"), Record("x", null), Record("b", null), Record("a", "same"), Record("A", null) };

        Assert.Equal(new RecordOverlap(5, 3, true), await RecordOverlap.CountAsync(own, gate.ToAsyncEnumerable(), CancellationToken.None));
        Assert.Equal(new RecordOverlap(0, 0, true), await RecordOverlap.CountAsync(own, Texts(), CancellationToken.None));
        Assert.Equal(new RecordOverlap(4, 0, true), await RecordOverlap.CountAsync(Texts(), own, CancellationToken.None));
    }

    [Fact]
    public async Task A_text_with_a_pair_is_another_and_parts_do_not_run_together()
    {
        var own = new DatasetRecord[] { new TextRecord(default, "ab", "c", null, []), new WordsRecord(default, ["ab", "c"], null, []) }.ToAsyncEnumerable();
        var gate = new DatasetRecord[] { new TextRecord(default, "a", "bc", null, []), new TextRecord(default, "abc", null, null, []), new WordsRecord(default, ["a", "bc"], null, []), new WordsRecord(default, ["abc"], null, []) };

        Assert.Equal(0, (await RecordOverlap.CountAsync(own, gate.ToAsyncEnumerable(), CancellationToken.None)).Shared);
    }

    [Fact]
    public async Task Of_more_contents_than_are_kept_a_part_is_drawn_and_the_count_is_near()
    {
        // 20,000 contents, of which 500 are kept; half of the gate stands in them.
        var own = Texts([.. Enumerable.Range(0, 20_000).Select(i => $"record {i}")]);
        var gate = Texts([.. Enumerable.Range(10_000, 20_000).Select(i => $"record {i}")]);

        var found = await RecordOverlap.CountAsync(own, gate, CancellationToken.None, most: 500);

        Assert.False(found.IsExact);
        Assert.Equal(20_000, found.Gate);

        // Some 600 of the gate are compared: four standard deviations of their share are 8 points.
        Assert.InRange(found.Shared, 8_400, 11_600);
    }

    [Fact]
    public async Task A_student_that_learned_all_of_its_gate_is_refused_and_a_part_is_said()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var model = await fixture.ModelAsync("topic");
        var gate = await fixture.EasyTopicsAsync(100);
        var spec = new DistillSpec { DatasetId = (await fixture.EasyTopicsAsync(120)).Id, Student = "tiny", Epochs = 1 };

        var refused = await fixture.OptimizeAsync(model, gate, spec);
        Assert.Equal((WorkflowStatus.Failed, "distill-gate-dataset"), (refused.Status, refused.Problem?.Code));
        Assert.DoesNotContain(await fixture.Runtime.Models.ListAsync(CancellationToken.None), version => version.Gate is not null);

        var wider = await fixture.DatasetAsync("wider.jsonl", await LinesAsync(fixture, gate, 60) + """{"text": "The coach praised the team", "label": "Sports"}""" + "\n");
        var outcome = await fixture.OutcomeAsync(model, wider, spec, new GateOptions(1));
        Assert.Contains("Warning: 60 of the 61 gate records are among the training records, too", fixture.Text(outcome, OptimizationPaths.Html), StringComparison.Ordinal);
        Assert.Contains("gate-records-seen", fixture.Text(outcome, OptimizationPaths.Html), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_calibrated_is_counted_and_none_is_said_too()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var (model, gate) = (await fixture.ModelAsync("fashion"), await fixture.SampleAsync("fashion.zip"));
        var spec = new QuantizeSpec { Mode = "static-int8", CalibrationDatasetId = gate.Id, CalibrationRecords = 20 };
        var outcome = await fixture.OutcomeAsync(model, gate, spec, new GateOptions(0.5));
        var text = fixture.Text(outcome, OptimizationPaths.Html);
        Assert.Contains("Warning: 20 of the ", text, StringComparison.Ordinal);
        Assert.Contains("among those that calibrated", text, StringComparison.Ordinal);

        var topic = await fixture.ModelAsync("topic");
        var apart = new QuantizeSpec { Mode = "int4", Auto = true, CalibrationDatasetId = (await fixture.EasyTopicsAsync(16)).Id };
        var none = await fixture.OutcomeAsync(topic, await fixture.SampleAsync("topics.jsonl"), apart, new GateOptions(1));
        Assert.Contains("None of the ", fixture.Text(none, OptimizationPaths.Html), StringComparison.Ordinal);
    }

    private static async Task<string> LinesAsync(PipelineFixture fixture, Dataset dataset, int count) =>
        string.Concat((await File.ReadAllLinesAsync(fixture.PathOf(dataset.Name))).Take(count).Select(line => line + "\n"));

    private static IAsyncEnumerable<DatasetRecord> Texts(params string[] texts) => texts.Select(text => (DatasetRecord)Record(text, null)).ToAsyncEnumerable();

    private static TextRecord Record(string text, string? label) => new TextRecord(new RecordPosition(text.Length, text.Length), text, null, label, []);
}
