using AiAssignments.Optimization.Training;

namespace AiAssignments.Pipeline.Samples;

/// <summary>How one sample model is trained and to whom that is told.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Threads">Threads; they change nothing in the result.</param>
/// <param name="Progress">Told of each step and epoch.</param>
internal sealed record SampleTraining(string Model, int Threads, IProgress<SampleBuildProgress>? Progress) : IProgress<TrainingProgress>
{
    /// <summary>Tells a step.</summary>
    public void Say(string step) => Progress?.Report(new SampleBuildProgress(Model, step));

    /// <inheritdoc />
    public void Report(TrainingProgress value) => Progress?.Report(new SampleBuildProgress(Model, "training", value));

    /// <summary>Trains a network and gives the trainer back to measure with.</summary>
    public Trainer<TInput> Train<TInput>(
        Network<TInput> network, TrainingOptions options, IReadOnlyList<TInput> inputs, ILoss loss, ExampleSplit split, CancellationToken cancellationToken)
    {
        Say($"training on {split.Training.Length} examples");
        var trainer = new Trainer<TInput>(network, options with { Threads = Threads });
        trainer.Train(inputs, loss, split.Training, split.Stopping, this, cancellationToken);
        return trainer;
    }
}
