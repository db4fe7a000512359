using System.Diagnostics;
using AiAssignments.Optimization.Training;
using AiAssignments.Optimization.Training.Networks;
using AiAssignments.Optimization.Training.Numerics;

namespace AiAssignments.Benchmarks.Distillation;

/// <summary>How fast the convolutional student trains, beside the products alone.</summary>
internal static class ConvolutionSpeed
{
    private const int Images = 512;

    public static void Run()
    {
        var network = ConvolutionNetwork.Create(new ConvolutionNetworkOptions(3, 32, 32, [new(24), new(48), new(96, 1)], 10), 1);
        var random = new SeededRandom(1);
        float[][] inputs = [.. Enumerable.Range(0, Images).Select(_ => Enumerable.Range(0, 3 * 32 * 32).Select(_ => random.NextUniform(1)).ToArray())];
        var loss = new CrossEntropyLoss(Enumerable.Range(0, Images).Select(i => i % 10));
        int[] all = [.. Enumerable.Range(0, Images)];
        foreach (var threads in new[] { 1, Environment.ProcessorCount }.Distinct())
        {
            var trainer = new Trainer<float[]>(network, new TrainingOptions { Epochs = 1, BatchSize = 64, Threads = threads });
            trainer.Train(inputs, loss, all, []);
            var watch = Stopwatch.StartNew();
            trainer.Train(inputs, loss, all, []);
            var seconds = watch.Elapsed.TotalSeconds;

            // Forward, and two products of the same size back.
            var operations = 6.0 * network.Multiplications * Images;
            Console.WriteLine($"training, {threads} threads: {Images / seconds:F0} images/s, {operations / seconds / 1e9:F1} GFLOP/s ({network.Multiplications / 1e6:F1} million multiplications an image)");
        }

        foreach (var (m, n, k) in new[] { (48, 256, 216), (96, 64, 864), (24, 1024, 27) })
        {
            float[] a = [.. Enumerable.Range(0, Math.Max(m * k, n * k)).Select(_ => random.NextUniform(1))];
            float[] b = [.. Enumerable.Range(0, n * k).Select(_ => random.NextUniform(1))];
            var c = new float[Math.Max(m * n, m * k)];
            Console.WriteLine(
                $"product {m} x {n} x {k}, one thread: {Rate(() => MatrixProduct.Add(a, b, c, m, n, k)):F1}, A transposed {Rate(() => MatrixProduct.AddTransposedLeft(a, b, c, m, n, k)):F1}, "
                + $"B transposed {Rate(() => MatrixProduct.AddTransposedRight(a, b, c, m, n, k)):F1} GFLOP/s");

            double Rate(Action product)
            {
                var best = double.MaxValue;
                for (var i = 0; i < 200; i++)
                {
                    var watch = Stopwatch.GetTimestamp();
                    product();
                    best = Math.Min(best, Stopwatch.GetElapsedTime(watch).TotalSeconds);
                }

                return 2.0 * m * n * k / best / 1e9;
            }
        }
    }
}
