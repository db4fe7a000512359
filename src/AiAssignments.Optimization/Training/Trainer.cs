using System.Collections.Concurrent;

namespace AiAssignments.Optimization.Training;

/// <summary>
/// Trains a network with mini-batch Adam and exact gradients. A batch is cut into chunks of fixed size that threads take; their sums are added in order,
/// so that the number of threads changes nothing in the result. With validation examples the network ends with the weights of its best epoch.
/// </summary>
/// <typeparam name="TInput">What an example is to the network.</typeparam>
public sealed class Trainer<TInput>
{
    private const int EvaluationChunk = 64;

    private readonly Network<TInput> network;
    private readonly TrainingOptions options;

    /// <summary>Takes the network to train.</summary>
    /// <param name="network">Changed in place.</param>
    /// <param name="options">How to train.</param>
    public Trainer(Network<TInput> network, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        this.network = network;
        this.options = options;
    }

    /// <summary>Trains.</summary>
    /// <param name="inputs">All examples.</param>
    /// <param name="loss">Their loss, by index in <paramref name="inputs"/>.</param>
    /// <param name="training">Indices of the examples to learn from; at least one.</param>
    /// <param name="validation">Indices of the examples that decide when to stop; empty to train all epochs.</param>
    /// <param name="progress">Told after each epoch.</param>
    /// <param name="cancellationToken">Stops between batches; the network is left between two states.</param>
    /// <returns>The progress of the epoch whose weights the network has.</returns>
    public TrainingProgress Train(
        IReadOnlyList<TInput> inputs,
        ILoss loss,
        IReadOnlyList<int> training,
        IReadOnlyList<int> validation,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(validation);
        ArgumentOutOfRangeException.ThrowIfZero(training.Count);

        return new TrainingLoop<TInput>(network, options, inputs, loss, training, validation).Run(progress, cancellationToken: cancellationToken);
    }

    /// <summary>Mean loss and share of right rows, without dropout.</summary>
    /// <param name="inputs">All examples.</param>
    /// <param name="loss">Their loss.</param>
    /// <param name="examples">Indices of the examples to look at; NaN for none.</param>
    /// <param name="cancellationToken">Stops between chunks.</param>
    public (double Loss, double Accuracy) Evaluate(IReadOnlyList<TInput> inputs, ILoss loss, IReadOnlyList<int> examples, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(examples);
        var chunks = (examples.Count + EvaluationChunk - 1) / EvaluationChunk;
        var losses = new double[chunks];
        var right = new long[chunks];
        var rows = new long[chunks];
        var passes = new ConcurrentBag<NetworkPass<TInput>>();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken };
        Parallel.For(0, chunks, parallel, chunk =>
        {
            var pass = passes.TryTake(out var free) ? free : network.CreatePass();
            var gradient = new float[network.Labels];
            for (var i = chunk * EvaluationChunk; i < Math.Min(examples.Count, (chunk + 1) * EvaluationChunk); i++)
            {
                var logits = pass.Forward(inputs[examples[i]], null);
                for (var row = 0; row * network.Labels < logits.Length; row++)
                {
                    var values = logits.Slice(row * network.Labels, network.Labels);
                    losses[chunk] += loss.Evaluate(examples[i], row, values, gradient);
                    right[chunk] += loss.IsCorrect(examples[i], row, values) ? 1 : 0;
                    rows[chunk]++;
                }
            }

            passes.Add(pass);
        });
        var count = (double)rows.Sum();
        return (losses.Sum() / count, right.Sum() / count);
    }
}
