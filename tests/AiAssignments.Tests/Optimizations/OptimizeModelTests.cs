using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;
using AiAssignments.Inference.Models;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Optimizations;
using AiAssignments.Pipeline.Optimizations.Passes;
using AiAssignments.Pipeline.Predictions;
using AiAssignments.Tests.Pipeline;

namespace AiAssignments.Tests.Optimizations;

/// <summary>The whole workflow over the sample models: accepted, refused, found wanting, asked for again.</summary>
public sealed class OptimizeModelTests
{
    private static readonly PredictionInput Question = PredictionInput.OfText("Shares fell after the profit warning", null);

    [Fact]
    public async Task An_accepted_version_is_registered_with_its_lineage_served_by_its_version_and_promoted_only_when_asked()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var (model, gate) = (await fixture.ModelAsync("topic"), await fixture.EasyTopicsAsync(200));

        var outcome = await fixture.OutcomeAsync(model, gate, new QuantizeSpec(), new GateOptions(0.02));

        Assert.True(outcome.Accepted, outcome.Verdict);
        Assert.StartsWith("Accepted: accuracy changed by ", outcome.Verdict, StringComparison.Ordinal);
        var made = await fixture.Runtime.Models.GetAsync(outcome.Candidate, CancellationToken.None);
        Assert.Equal((GateState.Accepted, false, "topic"), (made.Gate, made.Active, made.Card.Name));
        Assert.Equal((model.Reference, "quantize:dynamic-int8", gate.ContentHash), (made.Card.Lineage!.DerivedFrom, made.Card.Lineage.Pass, made.Card.Lineage.GateDataset));
        Assert.Equal("per-channel reduced-range=auto", made.Card.Lineage.Options);
        Assert.Null(made.Card.Claims);
        Assert.True(outcome.After.SizeBytes < outcome.Before.SizeBytes);
        Assert.Equal([1, 8, 16], outcome.After.Batches.Select(batch => batch.Batch));
        Assert.All(outcome.Before.Batches.Concat(outcome.After.Batches), batch => Assert.True(batch.Runs > 2 && batch.P50Milliseconds > 0 && batch.RecordsPerSecond > 0));

        // The name stands for what it stood for; the version answers by its own.
        Assert.Equal(model.Reference, (await fixture.Runtime.Models.GetAsync("topic", CancellationToken.None)).Reference);
        var answer = await fixture.Runtime.Predictor.PredictAsync("topic", made.Card.Version, [Question], PredictionOptions.Default, CancellationToken.None);
        Assert.Equal("Business", answer.Answers[0].Labels![0].Label);

        // A version as any other: its folder opens again as it is.
        var opened = ModelFolder.Open(Path.GetDirectoryName(fixture.Runtime.FilePath(made.BlobPrefix + "model.onnx"))!);
        Assert.Equal((made.ContentHash, made.Reference), (opened.ContentHash, $"{opened.Card.Name}@{opened.Card.Version}"));
        Assert.Equal(made.Card.Lineage, opened.Card.Lineage);

        var html = fixture.Text(outcome, OptimizationPaths.Html);
        Assert.Contains("quantize:dynamic-int8", html, StringComparison.Ordinal);
        Assert.Contains("instruction-sets", html, StringComparison.Ordinal);
        Assert.Contains(outcome.Verdict[..40], fixture.Text(outcome, OptimizationPaths.Markdown).Replace("\\", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("\"accepted\": true", fixture.Text(outcome, OptimizationPaths.Json), StringComparison.Ordinal);

        // Asked for again it is the same one; asked to promote, another, of the same evaluations.
        Assert.False((await fixture.Runtime.Optimizations.StartAsync(model, gate, new QuantizeSpec(), new GateOptions(0.02), OptimizationFixture.Options, CancellationToken.None)).Started);
        var promoted = await fixture.OutcomeAsync(model, gate, new QuantizeSpec(), new GateOptions(0.02, Activate: true));
        Assert.True(promoted.Promoted);
        Assert.Equal(promoted.Candidate, (await fixture.Runtime.Models.GetAsync("topic", CancellationToken.None)).Reference);
        Assert.Equal(outcome.Evaluations[0], promoted.Evaluations[0]);
    }

    [Fact]
    public async Task A_refused_version_is_kept_and_evaluated_but_neither_served_nor_promoted_nor_built_upon()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var (model, gate) = (await fixture.ModelAsync("topic"), await fixture.SampleAsync("topics.jsonl"));

        // 152 records leave an interval of some points: nothing that changes a single prediction can be shown to lose at most none.
        var outcome = await fixture.OutcomeAsync(model, gate, new PruneSpec { Amount = 0.97, Embeddings = true }, new GateOptions(0, Activate: true));

        Assert.False(outcome.Accepted);
        Assert.False(outcome.Promoted);
        Assert.StartsWith("Refused: ", outcome.Verdict, StringComparison.Ordinal);
        var version = await fixture.Runtime.Models.GetAsync(outcome.Candidate, CancellationToken.None);
        Assert.Equal((GateState.Refused, false), (version.Gate, version.Active));
        Assert.Equal(model.Reference, (await fixture.Runtime.Models.GetAsync("topic", CancellationToken.None)).Reference);

        await RefusedAsync("model-version-not-accepted", () => fixture.Runtime.Predictor.PredictAsync("topic", version.Card.Version, [Question], PredictionOptions.Default, CancellationToken.None));
        await RefusedAsync("model-version-not-accepted", () => fixture.Runtime.Server.LoadAsync("topic", version.Card.Version, CancellationToken.None));
        await RefusedAsync("model-version-not-accepted", () => fixture.Runtime.Models.PromoteAsync(version.Reference, CancellationToken.None));
        await RefusedAsync("model-version-not-accepted", () => fixture.OptimizeAsync(version, gate, new QuantizeSpec()));
        var files = Path.GetDirectoryName(fixture.Runtime.FilePath(version.BlobPrefix + "model.onnx"))!;
        await RefusedAsync("model-version-not-accepted", () => fixture.Runtime.Models.RegisterAsync(files, null, activate: true, CancellationToken.None));
        Assert.DoesNotContain(await fixture.Runtime.Server.ListAsync(CancellationToken.None), status => status.Key.Version == version.Card.Version);

        // A dataset that drops is for the active ones; who asks for this one by its version may look at it.
        var dropped = await fixture.Runtime.Drops.EvaluateAsync(await fixture.EasyTopicsAsync(20), CancellationToken.None);
        Assert.Equal(model.Reference, (await fixture.Runtime.Evaluations.WaitAsync(Assert.Single(dropped.Evaluations), CancellationToken.None)).Request.Model);
        var looked = await fixture.EvaluateAsync(version, await fixture.EasyTopicsAsync(24));
        Assert.Equal(WorkflowStatus.Completed, looked.Status);

        await fixture.ReopenAsync();
        Assert.Equal(GateState.Refused, (await fixture.Runtime.Models.GetAsync(outcome.Candidate, CancellationToken.None)).Gate);
        await RefusedAsync("model-version-not-accepted", () => fixture.Runtime.Predictor.PredictAsync("topic", version.Card.Version, [Question], PredictionOptions.Default, CancellationToken.None));
    }

    [Fact]
    public async Task With_auto_layers_stay_in_float_until_the_gate_is_met_or_the_attempts_are_used_up()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var (model, gate) = (await fixture.ModelAsync("topic"), await fixture.SampleAsync("topics.jsonl"));
        var calibration = await fixture.EasyTopicsAsync(16);

        // Nothing is good enough for a gate that small, so that every attempt is used.
        var outcome = await fixture.OutcomeAsync(model, gate, new QuantizeSpec { Mode = "int4", Auto = true, CalibrationDatasetId = calibration.Id }, new GateOptions(0, MostAttempts: 2));

        Assert.False(outcome.Accepted);
        Assert.Equal(2, outcome.Attempts);
        var card = (await fixture.Runtime.Models.GetAsync(outcome.Candidate, CancellationToken.None)).Card;
        Assert.Contains("left-in-float=", card.Lineage!.Options, StringComparison.Ordinal);
        Assert.Contains("Versions tried", fixture.Text(outcome, OptimizationPaths.Html), StringComparison.Ordinal);
        var versions = (await fixture.Runtime.Models.ListAsync(CancellationToken.None)).Where(version => version.Gate is not null).ToList();
        Assert.Equal(2, versions.Count);
        Assert.All(versions, version => Assert.Equal(GateState.Refused, version.Gate));
        Assert.Equal(2, versions.Select(version => version.SizeBytes).Distinct().Count());
    }

    [Fact]
    public async Task With_auto_a_table_beside_a_single_product_can_stay_in_float()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var (model, gate) = (await fixture.ModelAsync("sentiment"), await fixture.SampleAsync("sentiment.csv"));

        var outcome = await fixture.OutcomeAsync(model, gate, new QuantizeSpec { Mode = "int4", Auto = true, CalibrationDatasetId = gate.Id, CalibrationRecords = 32 }, new GateOptions(0));

        Assert.False(outcome.Accepted);
        Assert.Equal(2, outcome.Attempts);
        Assert.Contains("left-in-float=", (await fixture.Runtime.Models.GetAsync(outcome.Candidate, CancellationToken.None)).Card.Lineage!.Options, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_can_be_named_one_by_one()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var (model, gate) = (await fixture.ModelAsync("topic"), await fixture.EasyTopicsAsync(200));

        var outcome = await fixture.OutcomeAsync(model, gate, new QuantizeSpec { Include = ["node_8_*", "node_10_Gemm"], Exclude = ["*_10_*"] }, new GateOptions(0.05));

        Assert.True(outcome.Accepted, outcome.Verdict);
        Assert.Contains("include=node_8_*|node_10_Gemm exclude=*_10_*", (await fixture.Runtime.Models.GetAsync(outcome.Candidate, CancellationToken.None)).Card.Lineage!.Options, StringComparison.Ordinal);
        using var model8 = Optimization.Graphs.OnnxModel.Load(fixture.Runtime.FilePath((await fixture.Runtime.Models.GetAsync(outcome.Candidate, CancellationToken.None)).BlobPrefix + "model.onnx"));
        Assert.Equal(["node_10_Gemm"], model8.Graph.Node.Where(node => node.OpType == "Gemm").Select(node => node.Name));
        Assert.Single(model8.Graph.Node, node => node.OpType == "MatMulInteger");
    }

    [Fact]
    public async Task Images_are_calibrated_and_quantized()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var (model, gate) = (await fixture.ModelAsync("fashion"), await fixture.SampleAsync("fashion.zip"));
        var spec = new QuantizeSpec { Mode = "static-int8", CalibrationDatasetId = gate.Id, CalibrationRecords = 20, Calibration = "entropy" };

        var outcome = await fixture.OutcomeAsync(model, gate, spec, new GateOptions(0.05));

        Assert.True(outcome.Accepted, outcome.Verdict);
        Assert.True(outcome.After.SizeBytes < 0.35 * outcome.Before.SizeBytes);
        var html = fixture.Text(outcome, OptimizationPaths.Html);
        Assert.Contains("calibration-batches", html, StringComparison.Ordinal);
        Assert.Contains("gate records are among those that calibrated", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Taggers_are_judged_on_entities()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var outcome = await fixture.OutcomeAsync(await fixture.ModelAsync("entity"), await fixture.SampleAsync("entities.conll"), new QuantizeSpec { Mode = "float16" }, new GateOptions(0.05));

        Assert.True(outcome.Accepted, outcome.Verdict);
        Assert.Equal("entity F1", outcome.Differences[0].Metric);
    }

    [Fact]
    public async Task A_student_is_a_version_of_its_teachers_name_and_never_learns_from_the_gate()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var (model, gate, train) = (await fixture.ModelAsync("topic"), await fixture.EasyTopicsAsync(200), await fixture.EasyTopicsAsync(320, first: 200));
        var spec = new DistillSpec { DatasetId = train.Id, Student = "tiny", Epochs = 8, Seeds = 2, LearningRate = 0.02 };

        await RefusedAsync("distill-gate-dataset", () => fixture.OptimizeAsync(model, gate, spec with { DatasetId = gate.Id }));
        var outcome = await fixture.OutcomeAsync(model, gate, spec, new GateOptions(0.05, Activate: true));

        Assert.True(outcome.Accepted, outcome.Verdict);
        var student = await fixture.Runtime.Models.GetAsync("topic", CancellationToken.None);
        Assert.Equal(outcome.Candidate, student.Reference);
        Assert.StartsWith("distill:T=3,a=0.5,student=", student.Card.Lineage!.Pass, StringComparison.Ordinal);
        Assert.Equal(model.Card.Labels, student.Card.Labels);
        Assert.True(student.SizeBytes < 0.2 * model.SizeBytes);
        var html = fixture.Text(outcome, OptimizationPaths.Html);
        Assert.Contains("How it learned", html, StringComparison.Ordinal);
        Assert.Contains("Learning curve", html, StringComparison.Ordinal);
        Assert.DoesNotContain(fixture.Files("cache"), file => file.Contains("passes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_cannot_be_done_says_why_and_leaves_no_version()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var (model, gate) = (await fixture.ModelAsync("topic"), await fixture.SampleAsync("topics.jsonl"));

        await FailsAsync("unknown-node", model, new QuantizeSpec { Exclude = ["nonesuch"] });
        await FailsAsync("unknown-node", model, new QuantizeSpec { Include = ["node_8_*", "nonesuch"] });
        await FailsAsync("nothing-to-quantize", model, new QuantizeSpec { Exclude = ["*"] });
        await FailsAsync("nothing-to-prune", model, new PruneSpec { Exclude = ["*"] });
        await FailsAsync("task-mismatch", model, new QuantizeSpec { Auto = true, CalibrationDatasetId = (await fixture.SampleAsync("fashion.zip")).Id }, new GateOptions(0));
        await RefusedAsync("dataset-not-found", () => fixture.OptimizeAsync(model, gate, new QuantizeSpec { Auto = true, CalibrationDatasetId = "nonesuch" }));
        await RefusedAsync("option-invalid", () => fixture.OptimizeAsync(model, gate, new QuantizeSpec { Mode = "int2" }));
        await RefusedAsync("option-out-of-range", () => fixture.OptimizeAsync(model, gate, new QuantizeSpec(), new GateOptions(2)));

        // What does not fit together is found before the pass begins.
        var unfit = await fixture.OptimizeAsync(model, await fixture.SampleAsync("sentiment.csv"), new QuantizeSpec());
        Assert.Equal((WorkflowStatus.Failed, "labels-mismatch"), (unfit.Status, unfit.Problem!.Code));

        var quantized = await fixture.OutcomeAsync(model, await fixture.EasyTopicsAsync(200), new QuantizeSpec(), new GateOptions(0.05));
        await FailsAsync("already-quantized", await fixture.Runtime.Models.GetAsync(quantized.Candidate, CancellationToken.None), new QuantizeSpec());

        async Task FailsAsync(string code, ModelVersion version, PassSpec pass, GateOptions? allowed = null)
        {
            var before = (await fixture.Runtime.Models.ListAsync(CancellationToken.None)).Count;
            var job = await fixture.OptimizeAsync(version, gate, pass, allowed);
            Assert.Equal((WorkflowStatus.Failed, code), (job.Status, job.Problem?.Code));
            Assert.DoesNotContain(fixture.Files("cache"), file => file.Contains("passes", StringComparison.Ordinal));
            if (code != "task-mismatch")
            {
                Assert.Equal(before, (await fixture.Runtime.Models.ListAsync(CancellationToken.None)).Count);
            }
        }
    }

    [Fact]
    public async Task What_ONNX_Runtime_refuses_is_refused_before_the_pass()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var folder = Directory.CreateDirectory(fixture.PathOf("broken")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(PipelineFixture.ModelsFolder, "topic")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        using (var graph = Optimization.Graphs.OnnxModel.Load(Path.Combine(folder, "model.onnx")))
        {
            graph.Graph.Node.First(node => node.OpType is "MatMul" or "Gemm").OpType = "NoSuchOperator";
            graph.Save(Path.Combine(folder, "changed.onnx"));
        }

        File.Move(Path.Combine(folder, "changed.onnx"), Path.Combine(folder, "model.onnx"), overwrite: true);
        var model = await fixture.Runtime.Models.RegisterAsync(folder, new ModelOverrides { Name = "broken" }, activate: true, CancellationToken.None);

        var job = await fixture.OptimizeAsync(model, await fixture.SampleAsync("topics.jsonl"), new QuantizeSpec());

        Assert.Equal((WorkflowStatus.Failed, "model-load-failed"), (job.Status, job.Problem?.Code));
        Assert.Equal("broken", Assert.Single(await fixture.Runtime.Models.ListAsync(CancellationToken.None)).Card.Name);
    }

    private static async Task RefusedAsync(string code, Func<Task> work) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<ProblemException>(work)).Problem.Code);
}
