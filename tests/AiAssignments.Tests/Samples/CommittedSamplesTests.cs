using AiAssignments.Core.Datasets;
using AiAssignments.Core.Evaluations;
using AiAssignments.Evaluation.Datasets;
using AiAssignments.Evaluation.Metrics.Entities;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Tokenization.Hashing;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Samples;

/// <summary>The models and datasets that come with the project, through readers, tokenizer and ONNX Runtime. Bounds are loose: they find what is broken, not what is a bit worse.</summary>
public class CommittedSamplesTests
{
    private static readonly string Local = Path.Combine(RepositoryRoot.Path, "src", "AiAssignments.Local");

    [Theory]
    [InlineData("sentiment", "sentiment.csv", 158, 0.68, 0.97)]
    [InlineData("topic", "topics.jsonl", 152, 0.70, 0.98)]
    [InlineData("fashion", "fashion.zip", 1000, 0.88, 0.97)]
    public async Task A_model_is_about_as_good_as_it_should_be_on_its_sample(string model, string dataset, int count, double least, double most)
    {
        var (scorer, scored) = await ScoreAsync(model, dataset);
        using (scorer)
        {
            Assert.Equal(count, scored.Count);
            var right = scored.Count(result => Label(result.Record) == scorer.Card.Labels[result.Prediction!.Best()]);
            Assert.InRange((double)right / count, least, most);
        }
    }

    [Fact]
    public async Task The_tagger_is_about_as_good_as_it_should_be_on_its_sample()
    {
        var (scorer, scored) = await ScoreAsync("entity", "entities.conll");
        using (scorer)
        {
            Assert.Equal(90, scored.Count);
            var entities = new EntityAccumulator(TagScheme.Iob2, new EvaluationOptions());
            foreach (var result in scored)
            {
                var tags = ((WordsRecord)result.Record).Tags!;
                entities.AddSentence(tags, [.. Enumerable.Range(0, tags.Count).Select(word => scorer.Card.Labels[result.Prediction!.Best(word)])]);
            }

            var figures = entities.Compute(new EvaluationOptions());
            Assert.Equal(160, figures.GoldEntities);
            Assert.InRange(2.0 * figures.CorrectEntities / (figures.GoldEntities + figures.PredictedEntities), 0.6, 0.97);
        }
    }

    [Fact]
    public void The_models_are_small()
    {
        var bytes = Directory.GetFiles(Path.Combine(Local, "models"), "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);

        Assert.InRange(bytes, 1, 5.5e6);
    }

    private static async Task<(ModelScorer Scorer, List<ScoredRecord> Scored)> ScoreAsync(string model, string dataset)
    {
        var package = ModelFolder.Open(Path.Combine(Local, "models", model));
        var hashing = package.Card.Tokenizer?.HashedNGrams;
        var scorer = ModelScorer.Create(package, hashing is null ? null : new HashedNGramTokenizer(hashing));
        var source = new FileDataSource(Path.Combine(Local, "samples", dataset));
        var (format, description) = await DatasetFormats.DetectAsync(source, DatasetOptions.Default, CancellationToken.None);
        var plan = await format.PlanAsync(source, description, 1000, null, CancellationToken.None);
        var scored = new List<ScoredRecord>();
        foreach (var shard in plan.Shards)
        {
            await foreach (var batch in format.ReadAsync(source, description, shard, CancellationToken.None))
            {
                Assert.Empty(batch.Errors);
                scored.AddRange(await scorer.ScoreAsync(batch.Records, null, CancellationToken.None));
            }
        }

        Assert.All(scored, result => Assert.Null(result.Error));
        return (scorer, scored);
    }

    private static string? Label(DatasetRecord record) => record switch
    {
        TextRecord text => text.Label,
        ImageRecord image => image.Label,
        _ => null,
    };
}
