using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Evaluations;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Reports;
using AiAssignments.Pipeline.Optimizations;
using AiAssignments.Pipeline.Optimizations.Passes;

namespace AiAssignments.Tests.Optimizations;

/// <summary>What can be asked of passes, and what is refused before anything starts.</summary>
public sealed class PassSpecTests
{
    public static TheoryData<string> Good =>
    [
        """{"kind":"quantize"}""",
        """{"kind":"quantize","mode":"dynamic-int8","perChannel":false,"symmetric":false,"reducedRange":"off","keepEmbeddings":true,"exclude":["head*"]}""",
        """{"kind":"quantize","mode":"static-int8","calibrationDatasetId":"d","calibration":"entropy","calibrationRecords":10000,"keepFirst":true,"keepLast":true}""",
        """{"kind":"quantize","mode":"static-int8","calibrationDatasetId":"d","calibration":"percentile","calibrationPercentile":99.9}""",
        """{"kind":"quantize","mode":"int4","blockSize":16,"symmetric":false}""",
        """{"kind":"quantize","include":["encoder/*"],"exclude":["*/last"]}""",
        """{"kind":"prune","include":["conv?"]}""",
        """{"kind":"quantize","mode":"float16","auto":true,"calibrationDatasetId":"d"}""",
        """{"kind":"prune"}""",
        """{"kind":"prune","mode":"per-layer","amount":0.9,"embeddings":true}""",
        """{"kind":"prune","mode":"n-m","n":1,"m":64}""",
        """{"kind":"prune","mode":"structured","amount":0.5,"channelMultiple":8}""",
        """{"kind":"distill","datasetId":"d"}""",
        """{"kind":"distill","datasetId":"d","temperature":0.1,"alpha":1,"epochs":1000,"seeds":16,"student":"tiny","batchSize":1024}""",
    ];

    public static TheoryData<string, string> Bad => new()
    {
        { """{"kind":"quantize","mode":"int3"}""", "mode is 'int3'; use dynamic-int8, static-int8, float16, int4." },
        { """{"kind":"quantize","mode":null}""", "mode is ''" },
        { """{"kind":"quantize","mode":"static-int8"}""", "static-int8 needs a calibration dataset" },
        { """{"kind":"quantize","auto":true}""", "sensitivity needs a calibration dataset" },
        { """{"kind":"quantize","calibrationDatasetId":"d"}""", "A calibration dataset says nothing to dynamic-int8 without auto" },
        { """{"kind":"quantize","mode":"int4","blockSize":24}""", "blockSize is 24; it must be 16, 32, 64, 128 or 256." },
        { """{"kind":"quantize","blockSize":64}""", "blockSize says nothing to dynamic-int8" },
        { """{"kind":"quantize","mode":"float16","perChannel":false}""", "perChannel says nothing to float16" },
        { """{"kind":"quantize","mode":"float16","reducedRange":"on"}""", "reducedRange says nothing to float16" },
        { """{"kind":"quantize","reducedRange":"sometimes"}""", "reducedRange is 'sometimes'" },
        { """{"kind":"quantize","mode":"static-int8","calibrationDatasetId":"d","symmetric":false}""", "symmetric says nothing to static-int8" },
        { """{"kind":"quantize","keepFirst":true}""", "keepFirst or keepLast says nothing to dynamic-int8" },
        { """{"kind":"quantize","mode":"static-int8","calibrationDatasetId":"d","calibrationRecords":0}""", "calibrationRecords is 0; it must be 1 to 10,000." },
        { """{"kind":"quantize","mode":"static-int8","calibrationDatasetId":"d","calibration":"percentile","calibrationPercentile":50}""", "calibrationPercentile is 50" },
        { """{"kind":"quantize","mode":"static-int8","calibrationDatasetId":"d","calibrationPercentile":99}""", "calibrationPercentile says nothing to calibration min-max" },
        { """{"kind":"quantize","exclude":[""]}""", "exclude takes up to 1000 names" },
        { """{"kind":"quantize","exclude":null}""", "exclude takes up to 1000 names" },
        { """{"kind":"quantize","include":[null]}""", "include takes up to 1000 names" },
        { """{"kind":"prune","include":null}""", "include takes up to 1000 names" },
        { """{"kind":"prune","mode":"magic"}""", "mode is 'magic'" },
        { """{"kind":"prune","amount":0}""", "amount is 0; it must be above 0 and below 1." },
        { """{"kind":"prune","amount":1}""", "amount is 1" },
        { """{"kind":"prune","mode":"n-m","n":4,"m":4}""", "n is 4; it must be 1 to m - 1." },
        { """{"kind":"prune","mode":"n-m","n":1,"m":65}""", "m is 65" },
        { """{"kind":"prune","mode":"n-m","amount":0.5}""", "amount says nothing to n-m" },
        { """{"kind":"prune","n":1}""", "n and m says nothing to unstructured" },
        { """{"kind":"prune","mode":"structured","embeddings":true}""", "embeddings says nothing to structured" },
        { """{"kind":"prune","mode":"structured","channelMultiple":0}""", "channelMultiple is 0; it must be 1 to 64." },
        { """{"kind":"prune","channelMultiple":8}""", "channelMultiple says nothing to unstructured" },
        { """{"kind":"distill","datasetId":""}""", "needs a dataset to learn from" },
        { """{"kind":"distill","datasetId":"d","temperature":0}""", "temperature is 0; it must be 0.1 to 100." },
        { """{"kind":"distill","datasetId":"d","alpha":1.1}""", "alpha is 1.1" },
        { """{"kind":"distill","datasetId":"d","seeds":17}""", "seeds is 17" },
        { """{"kind":"distill","datasetId":"d","epochs":0}""", "epochs is 0" },
        { """{"kind":"distill","datasetId":"d","validationShare":0.6}""", "validationShare is 0.6" },
        { """{"kind":"distill","datasetId":"d","batchSize":0}""", "batchSize is 0; it must be 1 to 1,024." },
        { """{"kind":"distill","datasetId":"d","batchSize":1025}""", "batchSize is 1025" },
        { """{"kind":"distill","datasetId":"d","learningRate":0}""", "learningRate is 0" },
        { """{"kind":"distill","datasetId":"d","student":"huge"}""", "student is 'huge'; use tiny, small, medium." },
        { """{"kind":"distill","datasetId":"d","flip":false}""", "flip says nothing to text-classification" },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void What_makes_sense_is_taken_and_comes_back_from_the_journal_as_it_was(string json)
    {
        var spec = JsonSerializer.Deserialize<PassSpec>(json, ReportJson.Options)!;
        spec.Check(ModelTask.TextClassification);

        var written = JsonSerializer.Serialize(spec, ReportJson.Options);
        Assert.StartsWith("{\"kind\":", written, StringComparison.Ordinal);
        Assert.Equal(written, JsonSerializer.Serialize(JsonSerializer.Deserialize<PassSpec>(written, ReportJson.Options), ReportJson.Options));
        Assert.Equal(spec.Kind, JsonDocument.Parse(written).RootElement.GetProperty("kind").GetString());
        Assert.DoesNotContain('\n', spec.Describe());
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_does_not_is_refused_with_its_name_and_what_is_allowed(string json, string said)
    {
        var spec = JsonSerializer.Deserialize<PassSpec>(json, ReportJson.Options)!;
        var refused = Assert.Throws<ProblemException>(() => spec.Check(ModelTask.TextClassification));
        Assert.Contains(refused.Problem.Code, new[] { "option-invalid", "option-out-of-range" });
        Assert.Contains(said, refused.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_students_batches_are_smaller_for_images_unless_said_otherwise()
    {
        var spec = new DistillSpec { DatasetId = "d" };
        Assert.Equal((32, 32, 16), (Batch(spec, ModelTask.TextClassification), Batch(spec, ModelTask.TokenClassification), Batch(spec, ModelTask.ImageClassification)));
        Assert.Equal(64, Batch(spec with { BatchSize = 64 }, ModelTask.ImageClassification));
        Assert.Contains("batch=64", (spec with { BatchSize = 64 }).Describe(), StringComparison.Ordinal);
        Assert.DoesNotContain("batchSize", JsonSerializer.Serialize<PassSpec>(spec, ReportJson.Options), StringComparison.Ordinal);

        static int Batch(DistillSpec spec, ModelTask task) => spec.Options("m", "g", task).BatchSize;
    }

    [Fact]
    public void Whatever_decides_the_result_is_part_of_the_id()
    {
        PassSpec[] passes =
        [
            new QuantizeSpec(), new QuantizeSpec { PerChannel = false }, new QuantizeSpec { Exclude = ["a"] }, new QuantizeSpec { Include = ["a"] }, new PruneSpec { Include = ["a"] }, new QuantizeSpec { Mode = "int4" },
            new PruneSpec(), new PruneSpec { Amount = 0.3 }, new DistillSpec { DatasetId = "d" }, new DistillSpec { DatasetId = "e" }, new DistillSpec { DatasetId = "d", Seeds = 2 },
            new DistillSpec { DatasetId = "d", BatchSize = 16 },
        ];
        var gates = new[] { new GateOptions(), new GateOptions(0.02), new GateOptions(Activate: true), new GateOptions(MostAttempts: 2) };
        var ids = from pass in passes
                  from gate in gates
                  from options in new[] { EvaluationOptions.Default, EvaluationOptions.Default with { Seed = 7 } }
                  from model in new[] { "m1", "m2" }
                  select OptimizationId.Of("topic@1", model, "g", pass, gate, options);
        Assert.Equal(passes.Length * gates.Length * 4, ids.Distinct().Count());
        Assert.Equal(OptimizationId.Of("topic@1", "m", "g", passes[0], gates[0], EvaluationOptions.Default), OptimizationId.Of("topic@1", "m", "g", new QuantizeSpec(), new GateOptions(), new EvaluationOptions()));
        Assert.NotEqual(OptimizationId.Of("topic@1", "m", "g", passes[0], gates[0], EvaluationOptions.Default), OptimizationId.Of("copy@1", "m", "g", passes[0], gates[0], EvaluationOptions.Default));
        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{32}$", id));
    }
}
