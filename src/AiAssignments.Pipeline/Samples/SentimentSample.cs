using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Tokenization.Hashing;
using AiAssignments.Optimization.Training;
using AiAssignments.Optimization.Training.Export;
using AiAssignments.Optimization.Training.Networks;

namespace AiAssignments.Pipeline.Samples;

/// <summary>Positive or negative, from SST-2's phrases and IMDB's reviews, or from one of both.</summary>
internal sealed class SentimentSample : ISample
{
    private const int MaxLength = 2048;
    private static readonly string[] Labels = ["negative", "positive"];
    private static readonly HashedNGramOptions Hashing = new(65536, WordNGrams: 2, CharNGramMin: 3, CharNGramMax: 5);
    private static readonly TrainingOptions Training = new() { Epochs = 8, LearningRate = 0.001 };

    public string Name => "sentiment";

    public string Needs => "SST-2's train.tsv or IMDB's aclImdb*.tar.gz";

    public async Task<SampleModel?> BuildAsync(SampleSources sources, SampleTraining training, CancellationToken cancellationToken)
    {
        var phrasesPath = await sources.FindAsync(found => found.Layout == "SST-2", ["train.tsv"], cancellationToken).ConfigureAwait(false);
        var reviewsPath = sources.Find("aclImdb_train.tar.gz", "aclImdb_v1.tar.gz", "aclImdb_train.tar", "aclImdb_v1.tar");
        if (phrasesPath is null && reviewsPath is null)
        {
            return null;
        }

        training.Say("reading");
        var phrases = phrasesPath is null ? [] : await SampleSources.ReadAsync<TextRecord>(phrasesPath, cancellationToken).ConfigureAwait(false);
        var reviews = reviewsPath is null ? [] : await SampleSources.ReadAsync<TextRecord>(reviewsPath, cancellationToken).ConfigureAwait(false);
        var spellings = new LabelIndex(("0", 0), ("1", 1), ("neg", 0), ("pos", 1), ("negative", 0), ("positive", 1));
        TextRecord[] records = [.. phrases, .. reviews];
        var loss = new CrossEntropyLoss(records.Select(record => spellings[record]));
        var inputs = TextFeatures.Encode(records.Select(record => record.Text), new HashedNGramTokenizer(Hashing), MaxLength);

        var phraseSplit = SplitPhrases(phrases, out var parts);
        var reviewSplit = ExampleSplit.OfTen(phrases.Count, reviews.Count);
        var network = TextNetwork.Create(new TextNetworkOptions(Hashing.Buckets, 16, 32, Labels.Length, IdDropout: 0.5f, Dropout: 0.3f), Training.Seed);
        var trainer = training.Train(network, Training, inputs, loss, phraseSplit.And(reviewSplit), cancellationToken);
        network.Embeddings.RoundToHalf();

        var claims = new Dictionary<string, double>();
        void Claim(string name, int[] examples)
        {
            if (examples.Length > 0)
            {
                claims[name] = Math.Round(trainer.Evaluate(inputs, loss, examples, cancellationToken).Accuracy, 4);
            }
        }

        Claim($"accuracy ({phraseSplit.Claims.Length} SST-2 sentences held out of train.tsv with all their phrases)", phraseSplit.Claims);
        Claim($"accuracy ({parts.Length} SST-2 phrases that are part of those sentences)", parts);
        Claim($"accuracy ({reviewSplit.Claims.Length} IMDB reviews held out of the training half)", reviewSplit.Claims);
        return new SampleModel(network.ToOnnx(), new ModelCard
        {
            Name = Name,
            Version = "0",
            Task = ModelTask.TextClassification,
            Labels = Labels,
            Tokenizer = new TokenizerSpec("hashed-ngrams", MaxLength, HashedNGrams: Hashing),
            Description = "Tells whether an English text, a review above all, is positive or negative: the mean of hashed word and character n-gram embeddings and a small network. "
                + "It does not understand irony or negation over a distance, and knows no neutral.",
            License = SampleCard.License,
            TrainingData = SampleCard.Join(
                (phrases.Count > 0, $"SST-2 training phrases (Socher et al., 2013), {phraseSplit.Training.Length} of {phrases.Count}"),
                (reviews.Count > 0, $"IMDB training reviews (Maas et al., 2011), {reviewSplit.Training.Length} of {reviews.Count}")),
            Claims = claims,
        });
    }

    // Sentences 8, 18, … of each hundred make the claims and every twentieth (the last) decides when to stop; their phrases are in neither nor in training.
    private static ExampleSplit SplitPhrases(List<TextRecord> phrases, out int[] parts)
    {
        var split = new PhraseSplit(phrases.Select(phrase => phrase.Text));
        var order = ExampleSplit.OfTen(0, split.Sentences.Count);
        int[] claims = [.. order.Claims.Select(i => split.Sentences[i])];
        int[] stopping = [.. order.Stopping.Select(i => split.Sentences[i])];
        var claimed = split.PartsOf(claims);
        var held = split.PartsOf([.. claims, .. stopping]);
        parts = [.. claimed.Order()];
        return new ExampleSplit([.. Enumerable.Range(0, phrases.Count).Where(i => !held.Contains(i))], stopping, claims);
    }
}
