namespace AiAssignments.Optimization.Training;

/// <summary>How to train. The same options, data and seed give the same network to the last bit on machines with the same floating-point instructions, whatever <see cref="Threads"/> is.</summary>
public sealed record TrainingOptions
{
    /// <summary>Passes over the data at most. Default 10.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Examples a step. Default 128.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Examples whose gradients one thread sums before the sums are added in order. Default 16. Changes the last bits of the result.</summary>
    public int ChunkSize { get; init; } = 16;

    /// <summary>Learning rate at its highest. Default 0.001.</summary>
    public double LearningRate { get; init; } = 0.001;

    /// <summary>Share of all steps over which the rate rises from 0; afterwards it falls on a line to <see cref="FinalRate"/>. Default 0.05.</summary>
    public double Warmup { get; init; } = 0.05;

    /// <summary>Rate of the last step as a share of <see cref="LearningRate"/>. Default 0.05.</summary>
    public double FinalRate { get; init; } = 0.05;

    /// <summary>Decoupled weight decay, in units of the learning rate (Loshchilov and Hutter, 2019). Default 0.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Epochs without a lower validation loss after which training stops. Default 3.</summary>
    public int Patience { get; init; } = 3;

    /// <summary>Seed of the shuffling and of dropout. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads. Default: as many as the machine has cores.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Epochs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ChunkSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Patience, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(LearningRate);
        ArgumentOutOfRangeException.ThrowIfNegative(WeightDecay);
        ArgumentOutOfRangeException.ThrowIfNegative(FinalRate);
        ArgumentOutOfRangeException.ThrowIfNegative(Warmup);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Warmup, 1);
    }

    /// <summary>The rate of a step.</summary>
    /// <param name="step">0-based.</param>
    /// <param name="steps">All steps.</param>
    internal double RateOf(int step, int steps)
    {
        var rise = Warmup * steps;
        var share = step + 1 <= rise
            ? (step + 1) / rise
            : 1 - ((1 - FinalRate) * (step + 1 - rise) / Math.Max(1, steps - rise));
        return LearningRate * share;
    }
}
