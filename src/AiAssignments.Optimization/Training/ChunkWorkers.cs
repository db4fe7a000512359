using System.Collections.Concurrent;
using AiAssignments.Optimization.Training.Numerics;

namespace AiAssignments.Optimization.Training;

/// <summary>Sums the gradients of a batch chunk by chunk on several threads, always in the same order.</summary>
internal sealed class ChunkWorkers<TInput>
{
    private readonly Network<TInput> network;
    private readonly IReadOnlyList<TInput> inputs;
    private readonly ILoss loss;
    private readonly TrainingOptions options;
    private readonly ParallelOptions parallel;
    private readonly Gradients[] sums;
    private readonly double[] losses;
    private readonly ConcurrentBag<(NetworkPass<TInput> Pass, SeededRandom Random)> passes = [];

    public ChunkWorkers(Network<TInput> network, IReadOnlyList<TInput> inputs, ILoss loss, TrainingOptions options, int chunks)
    {
        this.network = network;
        this.inputs = inputs;
        this.loss = loss;
        this.options = options;
        parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads };
        sums = [.. Enumerable.Range(0, chunks).Select(_ => new Gradients(network.Parameters))];
        losses = new double[chunks];
    }

    /// <summary>The gradients of the batch's mean loss; valid until the next call.</summary>
    public Gradients Sum(ReadOnlyMemory<int> members, int epoch, out double batchLoss, out long batchRows)
    {
        batchRows = 0;
        foreach (var member in members.Span)
        {
            batchRows += network.RowsOf(inputs[member]);
        }

        var scale = 1f / Math.Max(1, batchRows);
        var chunks = (members.Length + options.ChunkSize - 1) / options.ChunkSize;
        Parallel.For(0, chunks, parallel, chunk =>
        {
            var start = chunk * options.ChunkSize;
            losses[chunk] = SumChunk(members.Slice(start, Math.Min(options.ChunkSize, members.Length - start)).Span, epoch, scale, sums[chunk]);
        });

        batchLoss = losses[0];
        for (var chunk = 1; chunk < chunks; chunk++)
        {
            sums[0].Add(sums[chunk]);
            batchLoss += losses[chunk];
        }

        return sums[0];
    }

    private double SumChunk(ReadOnlySpan<int> members, int epoch, float scale, Gradients gradients)
    {
        var (pass, random) = passes.TryTake(out var free) ? free : (network.CreatePass(), new SeededRandom(options.Seed));
        gradients.Clear();
        var labels = network.Labels;
        var logitGradients = Array.Empty<float>();
        double sum = 0;
        foreach (var member in members)
        {
            random.Reseed(options.Seed, (ulong)epoch, (ulong)member);
            var logits = pass.Forward(inputs[member], random);
            if (logitGradients.Length < logits.Length)
            {
                logitGradients = new float[logits.Length];
            }

            var used = logitGradients.AsSpan(0, logits.Length);
            for (var at = 0; at < logits.Length; at += labels)
            {
                sum += loss.Evaluate(member, at / labels, logits.Slice(at, labels), used.Slice(at, labels));
            }

            foreach (ref var value in used)
            {
                value *= scale;
            }

            pass.Backward(inputs[member], used, gradients);
        }

        passes.Add((pass, random));
        return sum;
    }
}
