using AiAssignments.Optimization.Training;
using AiAssignments.Optimization.Training.Networks;

namespace AiAssignments.Tests.Training;

public class TrainerTests
{
    private static readonly int[] All = [.. Enumerable.Range(0, 400)];

    [Fact]
    public void A_text_network_learns_a_toy_task()
    {
        var (inputs, labels) = ToyTasks.Bags(400, 1);
        var network = TextNetwork.Create(new TextNetworkOptions(32, 8, 16, 2), 1);
        var best = new Trainer<int[]>(network, Quick).Train(inputs, new CrossEntropyLoss(labels), All[..320], All[320..]);

        Assert.True(best.ValidationAccuracy > 0.95, $"{best}");
    }

    [Fact]
    public void A_tagging_network_learns_to_look_at_the_word_before()
    {
        var (inputs, labels) = ToyTasks.Sentences(400, 1);
        var network = TaggingNetwork.Create(new TaggingNetworkOptions(16, 2, 8, 3, 16, 2), 1);
        var best = new Trainer<int[]>(network, Quick).Train(inputs, new CrossEntropyLoss(labels), All[..320], All[320..]);

        Assert.True(best.ValidationAccuracy > 0.98, $"{best}");
    }

    [Fact]
    public void An_image_network_learns_a_toy_task()
    {
        var (inputs, labels) = ToyTasks.Bars(400, 1);
        var network = ImageNetwork.Create(new ImageNetworkOptions(1, 12, 12, 4, 4, 8, 2), 1);
        var best = new Trainer<float[]>(network, Quick with { Epochs = 6 }).Train(inputs, new CrossEntropyLoss(labels), All[..320], All[320..]);

        Assert.True(best.ValidationAccuracy > 0.95, $"{best}");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void The_number_of_threads_changes_no_bit_of_the_result(int threads)
    {
        Assert.Equal(TrainedText(1), TrainedText(threads));
        Assert.Equal(TrainedTagger(1), TrainedTagger(threads));
        Assert.Equal(TrainedImage(1), TrainedImage(threads));
    }

    [Fact]
    public void Another_seed_gives_another_result()
    {
        Assert.NotEqual(TrainedText(1), TrainedText(1, seed: 2));
    }

    [Fact]
    public void Training_stops_early_and_keeps_the_best_epochs_weights()
    {
        // Labels without any sense: the validation loss soon rises while the training loss falls.
        var (inputs, labels) = ToyTasks.Bags(400, 3);
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = i * 7919 % 13 % 2;
        }

        var loss = new CrossEntropyLoss(labels);
        var network = TextNetwork.Create(new TextNetworkOptions(32, 16, 32, 2), 1);
        var trainer = new Trainer<int[]>(network, Quick with { Epochs = 60, Patience = 2, LearningRate = 0.02 });
        var seen = new List<TrainingProgress>();
        var best = trainer.Train(inputs, loss, All[..200], All[200..], new Collector(seen));

        Assert.True(seen.Count < 60);
        Assert.Equal(seen.Min(progress => progress.ValidationLoss), best.ValidationLoss);
        Assert.Equal(best.ValidationLoss, trainer.Evaluate(inputs, loss, All[200..]).Loss, 12);
        Assert.Equal(best.Epoch + 2, seen[^1].Epoch);
    }

    [Fact]
    public void Without_validation_examples_all_epochs_run()
    {
        var (inputs, labels) = ToyTasks.Bags(40, 1);
        var network = TextNetwork.Create(new TextNetworkOptions(32, 4, 0, 2), 1);
        var last = new Trainer<int[]>(network, Quick with { Epochs = 3 }).Train(inputs, new CrossEntropyLoss(labels), All[..40], []);

        Assert.Equal(3, last.Epoch);
        Assert.True(double.IsNaN(last.ValidationLoss));
    }

    [Fact]
    public void Cancellation_stops_it()
    {
        var (inputs, labels) = ToyTasks.Bags(40, 1);
        var network = TextNetwork.Create(new TextNetworkOptions(32, 4, 0, 2), 1);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.Throws<OperationCanceledException>(() =>
            new Trainer<int[]>(network, Quick).Train(inputs, new CrossEntropyLoss(labels), All[..40], [], null, cancelled.Token));
    }

    [Fact]
    public void Padding_stays_zero()
    {
        var (inputs, labels) = ToyTasks.Bags(60, 1);
        var padded = inputs.Select(ids => ids.Concat(new int[5]).ToArray()).ToArray();
        var network = TextNetwork.Create(new TextNetworkOptions(32, 4, 0, 2), 1);
        new Trainer<int[]>(network, Quick).Train(padded, new CrossEntropyLoss(labels), All[..60], []);

        Assert.All(network.Embeddings.Values[..4], value => Assert.Equal(0, value));
        Assert.Equal(network.Predict(inputs[0]), network.Predict(padded[0]));
    }

    [Fact]
    public void The_rate_rises_then_falls_to_its_last()
    {
        var options = new TrainingOptions { LearningRate = 1, Warmup = 0.1, FinalRate = 0.2 };

        Assert.Equal(0.1, options.RateOf(0, 100), 12);
        Assert.Equal(1, options.RateOf(9, 100), 12);
        Assert.Equal(0.6, options.RateOf(54, 100), 12);
        Assert.Equal(0.2, options.RateOf(99, 100), 12);
    }

    private static TrainingOptions Quick { get; } = new() { Epochs = 20, BatchSize = 32, ChunkSize = 4, LearningRate = 0.01, Patience = 20, Threads = 2 };

    private static float[] TrainedText(int threads, ulong seed = 1)
    {
        var (inputs, labels) = ToyTasks.Bags(100, 1);
        var network = TextNetwork.Create(new TextNetworkOptions(32, 8, 16, 2, 0.2f, 0.3f), 1);
        return Weights(network, inputs, new CrossEntropyLoss(labels), threads, seed);
    }

    private static float[] TrainedTagger(int threads)
    {
        var (inputs, labels) = ToyTasks.Sentences(100, 1);
        var network = TaggingNetwork.Create(new TaggingNetworkOptions(16, 2, 8, 3, 16, 2, 0.2f, 0.3f), 1);
        return Weights(network, inputs, new CrossEntropyLoss(labels), threads, 1);
    }

    private static float[] TrainedImage(int threads)
    {
        var (inputs, labels) = ToyTasks.Bars(100, 1);
        var network = ImageNetwork.Create(new ImageNetworkOptions(1, 12, 12, 3, 4, 8, 2, 0.3f), 1);
        return Weights(network, inputs, new CrossEntropyLoss(labels), threads, 1);
    }

    private static float[] Weights<TInput>(Network<TInput> network, TInput[] inputs, CrossEntropyLoss loss, int threads, ulong seed)
    {
        var options = Quick with { Epochs = 3, Threads = threads, Seed = seed, WeightDecay = 0.01 };
        new Trainer<TInput>(network, options).Train(inputs, loss, All[..80], All[80..100]);
        return [.. network.Parameters.SelectMany(parameter => parameter.Values)];
    }

    private sealed class Collector(List<TrainingProgress> seen) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => seen.Add(value);
    }
}
