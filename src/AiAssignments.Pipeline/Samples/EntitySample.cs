using AiAssignments.Core.Datasets;
using AiAssignments.Core.Evaluations;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Metrics.Entities;
using AiAssignments.Inference.Tokenization.Hashing;
using AiAssignments.Optimization.Training;
using AiAssignments.Optimization.Training.Export;
using AiAssignments.Optimization.Training.Networks;

namespace AiAssignments.Pipeline.Samples;

/// <summary>Persons, organizations, places and other names, from CoNLL-2003.</summary>
internal sealed class EntitySample : ISample
{
    private const int IdsPerWord = 18;
    private const int MaxWords = 256;
    private const int StrideWords = 16;
    private static readonly string[] Labels = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC", "B-MISC", "I-MISC"];
    private static readonly HashedNGramOptions Hashing = new(32768, 0, 0, 0, IdsPerWord);
    private static readonly TrainingOptions Training = new() { Epochs = 6, BatchSize = 32, ChunkSize = 8, LearningRate = 0.002 };

    public string Name => "entity";

    public string Needs => "CoNLL-2003's eng.train (and eng.testa to measure on)";

    public async Task<SampleModel?> BuildAsync(SampleSources sources, SampleTraining training, CancellationToken cancellationToken)
    {
        if (sources.Find("eng.train") is not { } path)
        {
            return null;
        }

        training.Say("reading");
        var sentences = await ReadAsync(path, cancellationToken).ConfigureAwait(false);
        var own = sentences.Count;
        var split = ExampleSplit.OfTen(0, own);
        var measuredOn = $"{split.Claims.Length} sentences held out of eng.train";
        if (sources.Find("eng.testa") is { } other)
        {
            // With a development set of its own, what would have been measured on is trained on.
            sentences.AddRange(await ReadAsync(other, cancellationToken).ConfigureAwait(false));
            split = new ExampleSplit([.. split.Training, .. split.Claims], split.Stopping, [.. Enumerable.Range(own, sentences.Count - own)]);
            measuredOn = "eng.testa";
        }

        var inputs = TextFeatures.EncodeWords(sentences.Select(sentence => sentence.Words), new HashedNGramTokenizer(Hashing));
        var loss = new CrossEntropyLoss([.. sentences.Select(sentence => Indices(sentence.Tags!))]);
        var network = TaggingNetwork.Create(new TaggingNetworkOptions(Hashing.Buckets, IdsPerWord, 16, 5, 64, Labels.Length, IdDropout: 0.3f, Dropout: 0.4f), Training.Seed);
        training.Train(network, Training, inputs, loss, split, cancellationToken);
        network.Embeddings.RoundToHalf();

        var options = new EvaluationOptions();
        var entities = new EntityAccumulator(TagScheme.Iob2, options);
        foreach (var i in split.Claims)
        {
            entities.AddSentence(sentences[i].Tags!, Tags(network.Predict(inputs[i])));
        }

        var figures = entities.Compute(options);
        var f1 = 2.0 * figures.CorrectEntities / (figures.GoldEntities + figures.PredictedEntities);
        return new SampleModel(network.ToOnnx(), new ModelCard
        {
            Name = Name,
            Version = "0",
            Task = ModelTask.TokenClassification,
            Labels = Labels,
            Tokenizer = new TokenizerSpec("hashed-ngrams", MaxWords * IdsPerWord, StrideWords * IdsPerWord, HashedNGrams: Hashing),
            Description = "Marks persons, organizations, places and other names in English sentences that are split into words (IOB2): hashed features of each word and its neighbours, and a "
                + "convolution over five words. Trained on newswire of 1996; capital letters matter to it.",
            License = SampleCard.License + " The Reuters text of CoNLL-2003 may not be redistributed; hashed features keep none of it.",
            TrainingData = $"CoNLL-2003 English eng.train (Tjong Kim Sang and De Meulder, 2003), {split.Training.Length} of {own} sentences.",
            Claims = new Dictionary<string, double> { [$"entity F1 ({measuredOn}, conlleval)"] = Math.Round(f1, 4) },
        });
    }

    private static async Task<List<WordsRecord>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var records = await SampleSources.ReadAsync<WordsRecord>(path, cancellationToken).ConfigureAwait(false);
        return [.. records.Where(record => record.Tags is not null)];
    }

    private static int[] Indices(IReadOnlyList<string> tags) =>
        [.. EntityAccumulator.CommonTags(tags).Select(tag => Math.Max(0, Array.IndexOf(Labels, tag)))];

    private static string[] Tags(float[] logits)
    {
        var tags = new string[logits.Length / Labels.Length];
        for (var word = 0; word < tags.Length; word++)
        {
            var row = logits.AsSpan(word * Labels.Length, Labels.Length);
            var best = 0;
            for (var i = 1; i < row.Length; i++)
            {
                best = row[i] > row[best] ? i : best;
            }

            tags[word] = Labels[best];
        }

        return tags;
    }
}
