using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AiAssignments.Core.Errors;
using AiAssignments.Optimization.Training;
using AiAssignments.Optimization.Training.Numerics;

namespace AiAssignments.Optimization.Distillation.Students;

/// <summary>
/// Trains a network for each seed and keeps the best by validation accuracy (by loss among equals). A checkpoint a seed lies in a folder; a killed run goes on
/// from there and ends with the same weights.
/// </summary>
/// <typeparam name="TInput">What an example is to the network.</typeparam>
internal sealed class StudentTraining<TInput>
{
    private readonly Func<ulong, Network<TInput>> create;
    private readonly DistillationOptions options;
    private readonly IReadOnlyList<TInput> inputs;
    private readonly DistillationLoss loss;
    private readonly ValidationSplit split;
    private readonly int copies;
    private readonly string folder;
    private readonly byte[] key;

    /// <summary>Takes what there is to learn.</summary>
    /// <param name="create">Makes a network of random weights from a seed.</param>
    /// <param name="options">How to train.</param>
    /// <param name="inputs">Examples: <paramref name="copies"/> for each record, the record itself first.</param>
    /// <param name="loss">Their loss.</param>
    /// <param name="split">Records to learn from and to decide by.</param>
    /// <param name="copies">Examples a record.</param>
    /// <param name="folder">Folder of the checkpoints of all trainings; made when it is not there.</param>
    /// <param name="contentKey">What decides the examples and targets; a checkpoint of another is not gone on from.</param>
    public StudentTraining(
        Func<ulong, Network<TInput>> create, DistillationOptions options, IReadOnlyList<TInput> inputs, DistillationLoss loss, ValidationSplit split, int copies,
        string folder, string contentKey)
    {
        (this.create, this.options, this.inputs, this.loss, this.split, this.copies) = (create, options, inputs, loss, split, copies);
        key = SHA256.HashData(Encoding.UTF8.GetBytes(contentKey));

        // Trainings of other options in the same folder do not overwrite each other's checkpoints.
        this.folder = Path.Combine(folder, Convert.ToHexStringLower(key.AsSpan(0, 16)));
    }

    /// <summary>Called at named moments between writes, so that a test can stop there: <c>step</c>, <c>checkpoint</c>.</summary>
    public Action<string>? Moment { get; init; }

    /// <summary>Trains all seeds.</summary>
    /// <param name="onEpoch">Told the seed's ordinal and the epoch that ended.</param>
    /// <param name="cancellationToken">Stops between steps; checkpoints stay.</param>
    /// <exception cref="ProblemException"><c>distill-diverged</c>: the loss is no longer a number.</exception>
    public TrainedStudent<TInput> Run(Action<int, LearningCurvePoint>? onEpoch, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        int[] validation = [.. split.Validation.Select(record => record * copies)];
        TrainedStudent<TInput>? best = null;
        TrainingProgress? bestProgress = null;
        var curves = new List<LearningCurve>();
        for (var i = 0; i < options.Seeds.Count; i++)
        {
            var seed = options.Seeds[i];
            var ordinal = i;
            var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"seed-{seed}.checkpoint"));
            var (network, loop) = Start(seed, validation);
            var checkpoint = new TrainingCheckpoint<TInput>(loop, path, key);
            if (File.Exists(path) && !checkpoint.TryRead())
            {
                // Something of the file may have been read already.
                (network, loop) = Start(seed, validation);
                checkpoint = checkpoint with { Loop = loop };
            }

            var steps = 0;
            var progress = loop.Run(
                new Reporter(point => onEpoch?.Invoke(ordinal, point)),
                endsEpoch =>
                {
                    Moment?.Invoke("step");
                    if (endsEpoch || (options.CheckpointSteps is { } often && ++steps % often == 0))
                    {
                        checkpoint.Write();
                        Moment?.Invoke("checkpoint");
                    }
                },
                cancellationToken);
            curves.Add(new LearningCurve(seed, [.. loop.History.Select(Reporter.Point)], progress.Epoch));
            if (bestProgress is null
                || progress.ValidationAccuracy > bestProgress.ValidationAccuracy
                || (progress.ValidationAccuracy == bestProgress.ValidationAccuracy && progress.ValidationLoss < bestProgress.ValidationLoss))
            {
                bestProgress = progress;
                best = new TrainedStudent<TInput>(network, seed, curves);
            }
        }

        return best!;
    }

    private (Network<TInput> Network, TrainingLoop<TInput> Loop) Start(ulong seed, int[] validation)
    {
        var network = create(seed);
        return (network, new TrainingLoop<TInput>(network, options.Training(seed), inputs, loss, split.Training, validation, (epoch, record) => Choose(seed, epoch, record)));
    }

    // Training meets another copy of a record in each epoch; the draw depends on nothing that a resumed run would not have.
    private int Choose(ulong seed, int epoch, int record) =>
        copies == 1 ? record : (record * copies) + new SeededRandom(seed, (ulong)epoch, (ulong)record).NextInt(copies);

    private sealed class Reporter(Action<LearningCurvePoint> tell) : IProgress<TrainingProgress>
    {
        public static LearningCurvePoint Point(TrainingProgress value) =>
            new(value.Epoch, value.TrainingLoss, value.ValidationLoss, value.ValidationAccuracy, value.LearningRate);

        public void Report(TrainingProgress value)
        {
            if (!double.IsFinite(value.TrainingLoss) || !double.IsFinite(value.ValidationLoss))
            {
                throw new ProblemException(
                    "distill-diverged",
                    string.Create(CultureInfo.InvariantCulture, $"In epoch {value.Epoch} the loss is no longer a number; use a learning rate below {value.LearningRate:g3}."));
            }

            tell(Point(value));
        }
    }
}
