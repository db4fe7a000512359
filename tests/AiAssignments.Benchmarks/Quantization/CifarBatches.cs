using System.Runtime.CompilerServices;
using AiAssignments.Optimization.Quantization.Calibration;

namespace AiAssignments.Benchmarks.Quantization;

/// <summary>Records of a CIFAR-10 file as ResNet-20 takes them: channels first, of 255, less ImageNet's mean, by its deviation.</summary>
internal sealed class CifarBatches : ICalibrationSource
{
    private const int Pixels = 3 * 32 * 32;
    private const int Batch = 32;
    private static readonly float[] Mean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] Deviation = [0.229f, 0.224f, 0.225f];
    private readonly List<float[]> images = [];

    public List<int> Labels { get; } = [];

    public int Count => images.Count;

    public CifarBatches(IEnumerable<string> paths, int most)
    {
        foreach (var path in paths)
        {
            var bytes = File.ReadAllBytes(path);
            for (var at = 0; at + Pixels < bytes.Length && images.Count < most; at += Pixels + 1)
            {
                Labels.Add(bytes[at]);
                var image = new float[Pixels];
                for (var i = 0; i < Pixels; i++)
                {
                    image[i] = ((bytes[at + 1 + i] / 255f) - Mean[i / 1024]) / Deviation[i / 1024];
                }

                images.Add(image);
            }
        }
    }

    public IEnumerable<(CalibrationTensor Input, int First)> Tensors(int size) =>
        Enumerable.Range(0, (Count + size - 1) / size).Select(at =>
        {
            var part = images.Skip(at * size).Take(size).ToList();
            return (new CalibrationTensor("input", [.. part.SelectMany(image => image)], part.Count, 3, 32, 32), at * size);
        });

    public async IAsyncEnumerable<CalibrationBatch> BatchesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (input, _) in Tensors(Batch))
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return new CalibrationBatch([input]);
        }
    }
}
