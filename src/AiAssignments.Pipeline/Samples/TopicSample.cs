using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Tokenization.Hashing;
using AiAssignments.Optimization.Training;
using AiAssignments.Optimization.Training.Export;
using AiAssignments.Optimization.Training.Networks;

namespace AiAssignments.Pipeline.Samples;

/// <summary>The desk that a news item belongs to, from AG News.</summary>
internal sealed class TopicSample : ISample
{
    private const int MaxLength = 1024;
    private static readonly string[] Labels = ["World", "Sports", "Business", "Sci/Tech"];
    private static readonly HashedNGramOptions Hashing = new(32768, WordNGrams: 2, CharNGramMin: 3, CharNGramMax: 5);
    private static readonly TrainingOptions Training = new() { Epochs = 10, LearningRate = 0.003 };

    public string Name => "topic";

    public string Needs => "AG News as train.csv or train_subset.csv";

    public async Task<SampleModel?> BuildAsync(SampleSources sources, SampleTraining training, CancellationToken cancellationToken)
    {
        var path = await sources.FindAsync(found => found.Layout == "AG News", ["train.csv", "train_subset.csv"], cancellationToken).ConfigureAwait(false);
        if (path is null)
        {
            return null;
        }

        training.Say("reading");
        var records = await SampleSources.ReadAsync<TextRecord>(path, cancellationToken).ConfigureAwait(false);
        var spellings = new LabelIndex([
            .. Labels.Select((label, i) => (label, i)),
            .. Enumerable.Range(1, Labels.Length).Select(i => (i.ToString(System.Globalization.CultureInfo.InvariantCulture), i - 1))]);
        var loss = new CrossEntropyLoss(records.Select(record => spellings[record]));
        var inputs = TextFeatures.Encode(records.Select(record => record.Text), new HashedNGramTokenizer(Hashing), MaxLength);

        var split = ExampleSplit.OfTen(0, records.Count);
        var network = TextNetwork.Create(new TextNetworkOptions(Hashing.Buckets, 24, 64, Labels.Length, IdDropout: 0.5f, Dropout: 0.5f), Training.Seed);
        var trainer = training.Train(network, Training, inputs, loss, split, cancellationToken);
        network.Embeddings.RoundToHalf();
        return new SampleModel(network.ToOnnx(), new ModelCard
        {
            Name = Name,
            Version = "0",
            Task = ModelTask.TextClassification,
            Labels = Labels,
            Tokenizer = new TokenizerSpec("hashed-ngrams", MaxLength, HashedNGrams: Hashing),
            Description = "Sorts an English news item (headline and first sentences) into world, sports, business, or science and technology: the mean of hashed word and character n-gram "
                + "embeddings and a small network. Trained on news of 2004 and 2005.",
            License = SampleCard.License,
            TrainingData = $"AG News training rows (Zhang et al., 2015), {split.Training.Length} of {records.Count}.",
            Claims = new Dictionary<string, double>
            {
                [$"accuracy ({split.Claims.Length} AG News training rows held out)"] = Math.Round(trainer.Evaluate(inputs, loss, split.Claims, cancellationToken).Accuracy, 4),
            },
        });
    }
}
