using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Scoring;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.InferenceTests.Scoring;

public sealed class ResNetTests
{
    private const int RecordBytes = 3073;

    // Others' models with published test accuracies (91.73 % and 94.37 %): on images they were trained on they must be well above.
    [SharedDataFact("models/resnet-cifar10/resnet20.onnx", "cifar10/data_batch_1.first1017.bin")]
    public async Task ResNet20_knows_its_training_images() => Assert.True(await RightOfAsync("resnet20.onnx", 300) > 285);

    [SharedDataFact("models/resnet-cifar10/resnet56.onnx", "cifar10/data_batch_1.first1017.bin")]
    public async Task ResNet56_knows_its_training_images() => Assert.True(await RightOfAsync("resnet56.onnx", 100) > 97);

    private static async Task<int> RightOfAsync(string model, int count)
    {
        // Mean and std of ImageNet, as the models' card in shared/data/README.md says.
        var package = ModelFolder.Open(SharedData.PathOf($"models/resnet-cifar10/{model}"), new ModelOverrides
        {
            Task = ModelTask.ImageClassification,
            Labels = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
            ImageMean = [0.485, 0.456, 0.406],
            ImageStd = [0.229, 0.224, 0.225],
        });
        using var scorer = ModelScorer.Create(package, null);
        var bytes = await File.ReadAllBytesAsync(SharedData.PathOf("cifar10/data_batch_1.first1017.bin"));
        var records = Enumerable.Range(0, count).Select(i => (DatasetRecord)new ImageRecord(
            new(i, (long)i * RecordBytes), bytes.AsMemory((i * RecordBytes) + 1, RecordBytes - 1), new(32, 32, 3, true), null, [])).ToList();

        var scored = await scorer.ScoreAsync(records, null, default);

        return Enumerable.Range(0, count).Count(i => scored[i].Prediction!.Best() == bytes[i * RecordBytes]);
    }
}
