using System.Globalization;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Serving;
using AiAssignments.Inference.Tokenization;
using AiAssignments.Tests.InferenceTests.Support;
using AiAssignments.Tests.Pipeline;
using AiAssignments.Tests.Serving.Support;
using AiAssignments.Tests.Support;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Tests.Serving;

/// <summary>Small graphs in ONNX Runtime: what is answered in batches is what each input gives alone.</summary>
public sealed class RealSessionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<DataType, int?, int?> Shapes => new()
    {
        { DataType.Int64, null, null },
        { DataType.Int32, null, null },
        { DataType.Int64, 4, null },
        { DataType.Int64, null, 16 },
        { DataType.Int32, 3, 16 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Texts_of_many_callers_are_answered_as_each_alone(DataType type, int? batch, int? length)
    {
        await using var server = Serve(Packages.Open(folder, TinyGraphs.Text(3, type, batch, length), Packages.Card(ModelTask.TextClassification, 3)));
        var texts = Packages.RandomTexts(60, 14, 5);

        var answers = await Task.WhenAll(texts.Select((text, i) => Task.Run(() =>
            server.PredictAsync("tiny", null, i % 5 == 0 ? [text, texts[(i + 1) % 60]] : [text], new() { Logits = true }, default))));

        for (var i = 0; i < texts.Count; i++)
        {
            int[] ids = [1, .. ((TextRecord)texts[i]).Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture)), 2];
            for (var label = 0; label < 3; label++)
            {
                Assert.Equal(ids.Sum(id => (double)TinyGraphs.Logit(id, label)), answers[i].Records[0].Prediction!.Logits![label], 1e-4);
            }
        }
    }

    [Fact]
    public async Task Sentences_in_windows_are_tagged_as_an_evaluation_tags_them()
    {
        var package = Packages.Open(folder, TinyGraphs.Tagger(), Packages.Card(ModelTask.TokenClassification, 2, 8, 2));
        var sentences = Enumerable.Range(0, 30).Select(i => (DatasetRecord)Packages.Words(i, [.. Enumerable.Range(0, i).Select(w => $"{3 + ((w * 7) % 60)}")])).ToList();
        await using var server = Serve(package);
        using var scorer = ModelScorer.Create(package, new NumberTokenizer());
        var evaluated = await scorer.ScoreAsync(sentences, null, default);

        var served = await server.PredictAsync("tiny", null, sentences, new() { Logits = true }, default);

        Assert.Equal("sentence-empty", served.Records[0].Error!.Code);
        Assert.Null(served.Records[0].Prediction);
        for (var i = 1; i < sentences.Count; i++)
        {
            Assert.Equal(evaluated[i].Prediction!.Probabilities.Length, served.Records[i].Prediction!.Probabilities.Length);
            Assert.All(evaluated[i].Prediction!.Probabilities.Zip(served.Records[i].Prediction!.Probabilities), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
            Assert.Equal(2 * i, served.Records[i].Prediction!.Logits!.Length);
        }
    }

    [Theory]
    [InlineData("topic", "Shares of the oil company rose", "The team won the cup in extra time")]
    [InlineData("sentiment", "a wonderful and moving film", "dull")]
    [InlineData("entity", "Anna Smith flew to Paris", "It rained")]
    public async Task Sample_models_answer_many_callers_as_one_evaluation(string name, string one, string other)
    {
        var package = ModelFolder.Open(Path.Combine(PipelineFixture.ModelsFolder, name));
        DatasetRecord Record(int i) => package.Card.Task == ModelTask.TokenClassification
            ? Packages.Words(i, (i % 2 == 0 ? one : other).Split(' '))
            : Packages.Text(i, i % 2 == 0 ? one : other);
        var records = Enumerable.Range(0, 24).Select(Record).ToList();
        await using var server = new ModelServer(new OnePackage(package));
        using var scorer = ModelScorer.Create(package, TokenizerLoader.Load(package.Folder, package.Card.Tokenizer!));
        var evaluated = await scorer.ScoreAsync(records, null, default);

        var answers = await Task.WhenAll(records.Select(record => Task.Run(() => server.PredictAsync(package.Card.Name, null, [record], ServeOptions.Default, default))));

        for (var i = 0; i < records.Count; i++)
        {
            Assert.All(evaluated[i].Prediction!.Probabilities.Zip(answers[i].Records[0].Prediction!.Probabilities), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(3)]
    public async Task Images_are_answered_one_by_one_and_a_broken_one_is_an_error_of_its_own(int? batch)
    {
        var package = Packages.Open(folder, TinyGraphs.ChannelMeans(batch: batch), Packages.Card(ModelTask.ImageClassification, 3));
        await using var server = Serve(package);
        var images = Enumerable.Range(0, 7).Select(i => (DatasetRecord)new ImageRecord(new(i, 0), Enumerable.Repeat((byte)(i * 30), 48).ToArray(), new(4, 4, 3, true), null, [])).ToList();
        images[2] = new ImageRecord(new(2, 0), new byte[10], null, null, []);

        var served = await server.PredictAsync("tiny", null, images, new() { Logits = true }, default);

        Assert.Equal("image-undecodable", served.Records[2].Error!.Code);
        for (var i = 0; i < images.Count; i++)
        {
            if (i != 2)
            {
                Assert.Equal(i * 300 / 255f, served.Records[i].Prediction!.Logits![1], 1e-4);
            }
        }
    }

    [Fact]
    public async Task A_text_with_an_id_outside_of_the_vocabulary_fails_alone()
    {
        await using var server = Serve(Packages.Open(folder, TinyGraphs.Text(), Packages.Card(ModelTask.TextClassification, 3)), lanes: 1);
        await server.LoadAsync("tiny", null, default);

        var asked = Enumerable.Range(0, 30).Select(i => Task.Run(() =>
            server.PredictAsync("tiny", null, [Packages.Text(i, i % 10 == 3 ? "9999" : "5")], ServeOptions.Default, default))).ToList();

        for (var i = 0; i < asked.Count; i++)
        {
            if (i % 10 == 3)
            {
                Assert.Equal("inference-failed", (await Assert.ThrowsAsync<ProblemException>(() => asked[i])).Problem.Code);
            }
            else
            {
                Assert.NotNull((await asked[i]).Records[0].Prediction);
            }
        }
    }

    [Fact]
    public async Task A_model_whose_outputs_only_the_run_shows_to_be_wrong_never_gets_ready()
    {
        await using var server = Serve(Packages.Open(folder, TinyGraphs.Text(4, declared: "labels"), Packages.Card(ModelTask.TextClassification, 3)));

        Assert.Equal("model-label-count", (await Assert.ThrowsAsync<ProblemException>(() => server.LoadAsync("tiny", null, default))).Problem.Code);
        var status = await server.FindAsync("tiny", null, default);
        Assert.Equal((ModelState.Failed, "model-label-count"), (status!.State, status.Problem!.Code));
    }

    [Fact]
    public async Task A_trim_shrinks_arenas_and_the_model_goes_on()
    {
        await using var server = Serve(Packages.Open(folder, TinyGraphs.Text(), Packages.Card(ModelTask.TextClassification, 3)));
        var before = await server.PredictAsync("tiny", null, [Packages.Text(0, "5 6")], ServeOptions.Default, default);

        var freed = await server.TrimAsync(default);

        Assert.Empty(freed.ModelsUnloaded);
        var after = await server.PredictAsync("tiny", null, [Packages.Text(0, "5 6")], ServeOptions.Default, default);
        Assert.Equal(before.Records[0].Prediction!.Probabilities, after.Records[0].Prediction!.Probabilities);
    }

    // Number tokens instead of a vocabulary.
    private static ModelServer Serve(ModelPackage package, int lanes = 2) => OnePackage.Serve(package, lanes);
}
