using AiAssignments.Optimization.Training.Numerics;

namespace AiAssignments.Optimization.Training;

/// <summary>
/// The way of <see cref="Trainer{TInput}"/> through its epochs, which can be written down after any step and gone on with in another process: the weights in the
/// end are the same to the last bit.
/// </summary>
internal sealed class TrainingLoop<TInput>
{
    private const ulong ShuffleStream = 0;

    private readonly Network<TInput> network;
    private readonly TrainingOptions options;
    private readonly IReadOnlyList<TInput> inputs;
    private readonly ILoss loss;
    private readonly IReadOnlyList<int> validation;
    private readonly Func<int, int, int>? choose;
    private readonly ChunkWorkers<TInput> workers;
    private readonly AdamOptimizer optimizer;
    private readonly int[] order;
    private readonly int[] members;
    private readonly int batchSize;
    private readonly int batches;
    private readonly float[][] bestValues;
    private readonly List<TrainingProgress> history = [];

    private int epoch = 1;
    private int batch;
    private int shuffled;
    private double lossSum;
    private long lossRows;
    private TrainingProgress? best;

    /// <summary>Takes everything that training needs.</summary>
    /// <param name="network">Changed in place.</param>
    /// <param name="options">How to train.</param>
    /// <param name="inputs">All examples.</param>
    /// <param name="loss">Their loss.</param>
    /// <param name="training">Indices to learn from.</param>
    /// <param name="validation">Indices that decide when to stop; empty to train all epochs.</param>
    /// <param name="choose">From an epoch and an index to learn from to the example that stands for it in that epoch; <c>null</c> for the index itself.</param>
    public TrainingLoop(
        Network<TInput> network, TrainingOptions options, IReadOnlyList<TInput> inputs, ILoss loss, IReadOnlyList<int> training, IReadOnlyList<int> validation,
        Func<int, int, int>? choose = null)
    {
        (this.network, this.options, this.inputs, this.loss, this.validation, this.choose) = (network, options, inputs, loss, validation, choose);
        batchSize = Math.Min(options.BatchSize, training.Count);
        batches = (training.Count + batchSize - 1) / batchSize;
        workers = new ChunkWorkers<TInput>(network, inputs, loss, options, (batchSize + options.ChunkSize - 1) / options.ChunkSize);
        optimizer = new AdamOptimizer(network.Parameters);
        order = [.. training];
        members = new int[batchSize];
        bestValues = [.. network.Parameters.Select(parameter => new float[parameter.Values.Length])];
    }

    /// <summary>The epochs that are over.</summary>
    public IReadOnlyList<TrainingProgress> History => history;

    /// <summary>Trains on, to the end.</summary>
    /// <param name="progress">Told after each epoch.</param>
    /// <param name="afterStep">Called after each step, <c>true</c> when it ended an epoch; the loop may be written then.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>The progress of the epoch whose weights the network has.</returns>
    public TrainingProgress Run(IProgress<TrainingProgress>? progress, Action<bool>? afterStep = null, CancellationToken cancellationToken = default)
    {
        while (!IsOver)
        {
            Shuffle();
            while (batch < batches)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Step();
                if (batch < batches)
                {
                    afterStep?.Invoke(false);
                }
            }

            EndEpoch(progress, cancellationToken);
            afterStep?.Invoke(true);
        }

        if (best is null)
        {
            return history[^1];
        }

        for (var i = 0; i < bestValues.Length; i++)
        {
            bestValues[i].CopyTo(network.Parameters[i].Values.AsSpan());
        }

        return best;
    }

    /// <summary>Writes down where it stands.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(epoch);
        writer.Write(batch);
        writer.Write(lossSum);
        writer.Write(lossRows);
        writer.Write(history.Count);
        foreach (var past in history)
        {
            writer.Write(past.TrainingLoss);
            writer.Write(past.ValidationLoss);
            writer.Write(past.ValidationAccuracy);
            writer.Write(past.IsBest);
            writer.Write(past.LearningRate);
        }

        FloatArrays.Write(writer, network.Parameters.Select(parameter => parameter.Values));
        optimizer.Write(writer);
        if (best is not null)
        {
            FloatArrays.Write(writer, bestValues);
        }
    }

    /// <summary>Goes on where <see cref="Write"/> was called; everything given to the constructor must be the same.</summary>
    /// <exception cref="EndOfStreamException">The writing is cut off; the loop may not be used then.</exception>
    public void Read(BinaryReader reader)
    {
        epoch = reader.ReadInt32();
        batch = reader.ReadInt32();
        lossSum = reader.ReadDouble();
        lossRows = reader.ReadInt64();
        history.Clear();
        best = null;
        var past = reader.ReadInt32();
        for (var i = 1; i <= past; i++)
        {
            var read = new TrainingProgress(i, options.Epochs, reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadBoolean()) { LearningRate = reader.ReadDouble() };
            history.Add(read);
            best = read.IsBest && validation.Count > 0 ? read : best;
        }

        FloatArrays.Read(reader, network.Parameters.Select(parameter => parameter.Values));
        optimizer.Read(reader);
        if (best is not null)
        {
            FloatArrays.Read(reader, bestValues);
        }
    }

    private bool IsOver => epoch > options.Epochs || (best is not null && epoch - 1 - best.Epoch >= options.Patience);

    private void Step()
    {
        var start = batch * batchSize;
        var count = Math.Min(batchSize, order.Length - start);
        for (var i = 0; i < count; i++)
        {
            members[i] = choose is null ? order[start + i] : choose(epoch, order[start + i]);
        }

        var gradients = workers.Sum(members.AsMemory(0, count), epoch, out var batchLoss, out var batchRows);
        lossSum += batchLoss;
        lossRows += batchRows;
        optimizer.Step(gradients, RateOf(batch), options.WeightDecay);
        batch++;
    }

    private double RateOf(int step) => options.RateOf(((epoch - 1) * batches) + step, batches * options.Epochs);

    private void EndEpoch(IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var (validationLoss, accuracy) = new Trainer<TInput>(network, options).Evaluate(inputs, loss, validation, cancellationToken);
        var isBest = best is null || validationLoss < best.ValidationLoss;
        var latest = new TrainingProgress(epoch, options.Epochs, lossSum / lossRows, validationLoss, accuracy, isBest) { LearningRate = RateOf(batches - 1) };
        history.Add(latest);
        if (isBest && validation.Count > 0)
        {
            best = latest;
            for (var i = 0; i < bestValues.Length; i++)
            {
                network.Parameters[i].Values.CopyTo(bestValues[i].AsSpan());
            }
        }

        (batch, lossSum, lossRows) = (0, 0, 0);
        epoch++;
        progress?.Report(latest);
    }

    // Each epoch shuffles what the one before left, so one that was read from a file shuffles again from the start.
    private void Shuffle()
    {
        for (; shuffled < epoch; shuffled++)
        {
            new SeededRandom(options.Seed, ShuffleStream, (ulong)(shuffled + 1)).Shuffle(order);
        }
    }
}
