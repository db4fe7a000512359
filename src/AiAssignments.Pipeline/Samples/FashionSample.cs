using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Optimization.Training;
using AiAssignments.Optimization.Training.Export;
using AiAssignments.Optimization.Training.Networks;

namespace AiAssignments.Pipeline.Samples;

/// <summary>Kinds of clothing, from Fashion-MNIST.</summary>
internal sealed class FashionSample : ISample
{
    private const int Side = 28;
    private const int Pixels = Side * Side;

    // Mean and standard deviation of the training images' pixels, scaled to 0..1, to four digits.
    private const double Mean = 0.2860;
    private const double Std = 0.3530;
    private static readonly string[] Labels = ["t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle-boot"];
    private static readonly TrainingOptions Training = new() { Epochs = 10, LearningRate = 0.002 };

    public string Name => "fashion";

    public string Needs => "Fashion-MNIST's train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz and the two of t10k";

    public async Task<SampleModel?> BuildAsync(SampleSources sources, SampleTraining training, CancellationToken cancellationToken)
    {
        if (Find(sources, "train") is not { } train || Find(sources, "t10k") is not { } test)
        {
            return null;
        }

        training.Say("reading");
        var (images, labels) = await ReadAsync(train, cancellationToken).ConfigureAwait(false);
        var (testImages, testLabels) = await ReadAsync(test, cancellationToken).ConfigureAwait(false);
        float[][] inputs = [.. images, .. testImages];
        var loss = new CrossEntropyLoss([.. labels, .. testLabels]);
        int[] all = [.. Enumerable.Range(0, images.Length)];
        var split = new ExampleSplit(
            [.. all.Where(i => i % 20 != 19)], [.. all.Where(i => i % 20 == 19)], [.. Enumerable.Range(images.Length, testImages.Length)]);

        var network = ImageNetwork.Create(new ImageNetworkOptions(1, Side, Side, 16, 32, 64, Labels.Length, Dropout: 0.3f), Training.Seed);
        var trainer = training.Train(network, Training, inputs, loss, split, cancellationToken);
        return new SampleModel(network.ToOnnx(), new ModelCard
        {
            Name = Name,
            Version = "0",
            Task = ModelTask.ImageClassification,
            Labels = Labels,
            Image = new ImagePreprocessing(Side, Side, 1, "NCHW", "RGB", 1.0 / 255, [Mean], [Std]),
            Description = "Tells ten kinds of clothing apart in grey 28 x 28 images, bright on black: two convolutions and a small network. A real photo must be cut out and inverted first.",
            License = SampleCard.License + " Fashion-MNIST is under the MIT licence, Copyright 2017 Zalando SE.",
            TrainingData = $"Fashion-MNIST training images (Xiao et al., 2017), {split.Training.Length} of {images.Length}.",
            Claims = new Dictionary<string, double>
            {
                [$"accuracy (Fashion-MNIST official test set, {testImages.Length} images)"] = Math.Round(trainer.Evaluate(inputs, loss, split.Claims, cancellationToken).Accuracy, 4),
            },
        });
    }

    private static (string Images, string Labels)? Find(SampleSources sources, string part) =>
        sources.Find($"{part}-images-idx3-ubyte.gz", $"{part}-images-idx3-ubyte") is { } images
        && sources.Find($"{part}-labels-idx1-ubyte.gz", $"{part}-labels-idx1-ubyte") is { } labels
            ? (images, labels)
            : null;

    private static async Task<(float[][] Images, int[] Labels)> ReadAsync((string Images, string Labels) paths, CancellationToken cancellationToken)
    {
        var (sizes, pixels) = await IdxFile.ReadAsync(paths.Images, cancellationToken).ConfigureAwait(false);
        if (sizes is not [_, Side, Side])
        {
            throw new ProblemException("samples-images-unfit", $"The images are {string.Join(" x ", sizes)}; a number of {Side} x {Side} images is needed.", paths.Images);
        }

        var (counts, labels) = await IdxFile.ReadAsync(paths.Labels, cancellationToken).ConfigureAwait(false);
        if (counts is not [var count] || count != sizes[0] || labels.Any(label => label >= Labels.Length))
        {
            throw new ProblemException("samples-labels-unfit", $"One label of 0 to {Labels.Length - 1} for each of the {sizes[0]} images is needed.", paths.Labels);
        }

        float[] values = [.. Enumerable.Range(0, 256).Select(value => (float)(((value / 255.0) - Mean) / Std))];
        return (
            [.. Enumerable.Range(0, sizes[0]).Select(i => Array.ConvertAll(pixels[(i * Pixels)..((i + 1) * Pixels)], pixel => values[pixel]))],
            [.. labels.Select(label => (int)label)]);
    }
}
