using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Scoring;
using AiAssignments.Optimization.Distillation;
using AiAssignments.Optimization.Training.Export;
using AiAssignments.Optimization.Training.Networks;
using AiAssignments.Pipeline.Optimizations.Distillation;
using AiAssignments.Tests.InferenceTests.Support;
using AiAssignments.Tests.Support;
using Google.Protobuf;

namespace AiAssignments.Tests.Distillation;

/// <summary>ONNX models as teachers.</summary>
public class ModelTeacherTests
{
    private static readonly string Models = Path.Combine(RepositoryRoot.Path, "src", "AiAssignments.Local", "models");

    [Fact]
    public async Task It_answers_the_graphs_logits()
    {
        using var folder = new TemporaryFolder();
        var network = TextNetwork.Create(new TextNetworkOptions(64, 4, 0, 3), 1);

        // Far beyond what a probability in single precision can tell: e^-200 is 0.
        network.Output.Bias.Values[2] = -200;
        using var teacher = Teacher(folder, network);
        var answers = await teacher.AnswerAsync([new TextRecord(default, "some words", null, null, []), new TextRecord(default, "other", null, null, [])], CancellationToken.None);

        Assert.Equal(2, answers.Count);
        Assert.All(answers, answer => Assert.InRange(answer.Logits![2], -202, -198));
        Assert.All(answers, answer => Assert.Equal(3, answer.Logits!.Length));
    }

    [Fact]
    public async Task A_tagger_answers_each_word_and_one_without_a_token_as_outside()
    {
        using var folder = new TemporaryFolder();
        var package = Packages.Open(folder, TinyGraphs.Tagger(), Packages.Card(ModelTask.TokenClassification, 2));
        using var scorer = ModelScorer.Create(package, new NumberTokenizer(), ScorerOptions.Default with { KeepLogits = true });
        var scored = await scorer.ScoreAsync([Packages.Words(0, "5", "-", "7")], null, CancellationToken.None);
        var (logits, probabilities) = (scored[0].Prediction!.Logits!, scored[0].Prediction!.Probabilities);

        // The graph's logits: sin(id), and a tenth of the position, after the special token before.
        Assert.Equal(6, logits.Length);
        Assert.Equal(MathF.Sin(5), logits[0], 5);
        Assert.Equal(0.2f, logits[1], 5);
        Assert.Equal([0f, -30f], logits[2..4]);
        Assert.Equal(MathF.Sin(7), logits[4], 5);
        Assert.Equal(0.3f, logits[5], 5);
        Assert.Equal(1 / (1 + Math.Exp(logits[1] - logits[0])), probabilities[0], 5);
    }

    [Fact]
    public async Task Without_being_asked_for_there_are_no_logits()
    {
        using var folder = new TemporaryFolder();
        var package = Packages.Open(folder, TinyGraphs.Tagger(), Packages.Card(ModelTask.TokenClassification, 2));
        using var scorer = ModelScorer.Create(package, new NumberTokenizer());
        var scored = await scorer.ScoreAsync([Packages.Words(0, "5")], null, CancellationToken.None);

        Assert.Null(scored[0].Prediction!.Logits);
    }

    [Fact]
    public async Task A_committed_model_teaches_a_student()
    {
        using var folder = new TemporaryFolder();
        using var teacher = ModelTeacher.Open(Path.Combine(Models, "topic"));
        var source = new FileDataSource(Path.Combine(RepositoryRoot.Path, "src", "AiAssignments.Local", "samples", "topics.jsonl"));
        var dataset = await DistillationDataset.ReadAsync(source, "topics", DatasetOptions.Default, CancellationToken.None);
        var result = await DistillationRun.RunAsync(teacher, dataset, new DistillationOptions { Epochs = 2, Text = new() { Buckets = 512, Dimensions = 4, Hidden = 8 } }, folder.Path);

        Assert.Equal(dataset.Records.Count, result.Facts.TeacherAsked);
        Assert.Equal("topic-student", result.Card.Name);
        Assert.Equal(teacher.Card.Labels, result.Card.Labels);
    }

    private static ModelTeacher Teacher(TemporaryFolder folder, TextNetwork network)
    {
        File.WriteAllBytes(folder.File("model.onnx"), network.ToOnnx().ToByteArray());
        File.WriteAllText(folder.File(ModelCardJson.FileName), ModelCardJson.Write(new ModelCard
        {
            Name = "tiny",
            Version = "1",
            Task = ModelTask.TextClassification,
            Labels = ["a", "b", "c"],
            Tokenizer = new("hashed-ngrams", 16, HashedNGrams: new(64, 1, 0, 0)),
        }));
        return ModelTeacher.Open(folder.Path);
    }
}
