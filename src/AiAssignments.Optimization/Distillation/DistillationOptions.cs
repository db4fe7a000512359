using System.Globalization;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Optimization.Distillation.Students;
using AiAssignments.Optimization.Training;

namespace AiAssignments.Optimization.Distillation;

/// <summary>How a student is taught. The same options, teacher and dataset give the same student to the last bit on machines with the same floating-point instructions.</summary>
public sealed record DistillationOptions
{
    /// <summary>T of the loss, 0.1 to 100. Default 3.</summary>
    public double Temperature { get; init; } = 3;

    /// <summary>a of the loss: the teacher's share, 0 (labels alone) to 1 (the teacher alone). Default 0.5.</summary>
    public double Alpha { get; init; } = 0.5;

    /// <summary>Name of the student; <c>null</c> (default): the teacher's with <c>-student</c>.</summary>
    public string? Name { get; init; }

    /// <summary>The student's order of labels: the teacher's labels, each once; <c>null</c> (default): the teacher's order.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Networks to train, one a seed; the best by validation is kept. 1 to 16 different ones. Default: 1.</summary>
    public IReadOnlyList<ulong> Seeds { get; init; } = [1];

    /// <summary>Share of the usable records that decides when to stop and which seed is kept, 0.01 to 0.5. Default 0.1.</summary>
    public double ValidationShare { get; init; } = 0.1;

    /// <summary>Seed of the validation split and of the images' copies. Default 1.</summary>
    public ulong SplitSeed { get; init; } = 1;

    /// <summary>Passes over the data at most, 1 to 10,000. Default 30.</summary>
    public int Epochs { get; init; } = 30;

    /// <summary>Epochs without a lower validation loss after which training stops, 1 or more. Default 6.</summary>
    public int Patience { get; init; } = 6;

    /// <summary>Records a step, 1 to 65,536. Default 32.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Highest learning rate (Adam). Default 0.002; it rises over the first twentieth of the steps and falls on a line to a fiftieth.</summary>
    public double LearningRate { get; init; } = 0.002;

    /// <summary>Decoupled weight decay in units of the learning rate. Default 0.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Threads. Default: as many as the machine has cores. Changes nothing in the result.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Steps after which a checkpoint is written within an epoch; <c>null</c> (default): only after each epoch.</summary>
    public int? CheckpointSteps { get; init; }

    /// <summary>Content hash of the gate dataset, which must not be learned from; <c>null</c> when there is none.</summary>
    public string? GateDatasetHash { get; init; }

    /// <summary>The student for text classification.</summary>
    public TextStudentOptions Text { get; init; } = new();

    /// <summary>The student for token classification.</summary>
    public TaggingStudentOptions Tagging { get; init; } = new();

    /// <summary>The student for image classification.</summary>
    public ImageStudentOptions Image { get; init; } = new();

    /// <summary>Holds the options against their bounds.</summary>
    /// <exception cref="ProblemException"><c>distill-option</c>: names the option and what is allowed.</exception>
    public void Validate()
    {
        Need(Temperature is >= 0.1 and <= 100, nameof(Temperature), Temperature, "0.1 to 100");
        Need(Alpha is >= 0 and <= 1, nameof(Alpha), Alpha, "0 to 1");
        Need(Seeds.Count is >= 1 and <= 16 && Seeds.Distinct().Count() == Seeds.Count, nameof(Seeds), string.Join(", ", Seeds), "1 to 16 different numbers");
        Need(ValidationShare is >= 0.01 and <= 0.5, nameof(ValidationShare), ValidationShare, "0.01 to 0.5");
        Need(Epochs is >= 1 and <= 10_000, nameof(Epochs), Epochs, "1 to 10000");
        Need(Patience >= 1, nameof(Patience), Patience, "1 or more");
        Need(BatchSize is >= 1 and <= 65_536, nameof(BatchSize), BatchSize, "1 to 65536");
        Need(LearningRate is > 0 and <= 1, nameof(LearningRate), LearningRate, "above 0, up to 1");
        Need(WeightDecay is >= 0 and <= 10, nameof(WeightDecay), WeightDecay, "0 to 10");
        Need(Threads is >= 1 and <= 1024, nameof(Threads), Threads, "1 to 1024");
        Need(CheckpointSteps is null or >= 1, nameof(CheckpointSteps), CheckpointSteps ?? 0, "1 or more");
        StudentBounds.Check(this);
    }

    /// <summary>What is written into the lineage of a student's card, for example <c>distill:T=3,a=0.5,student=hashed-ngrams-16384x16</c>.</summary>
    /// <param name="task">The task.</param>
    public string Pass(ModelTask task) =>
        string.Create(CultureInfo.InvariantCulture, $"distill:T={Temperature},a={Alpha},student={StudentBounds.Describe(this, task)}");

    /// <summary>How the trainer is run for a seed.</summary>
    internal TrainingOptions Training(ulong seed) => new()
    {
        Epochs = Epochs,
        Patience = Patience,
        BatchSize = BatchSize,

        // Four chunks a step, so that small batches keep several cores busy, too.
        ChunkSize = Math.Max(1, BatchSize / 4),
        LearningRate = LearningRate,
        WeightDecay = WeightDecay,
        FinalRate = 0.02,
        Threads = Threads,
        Seed = seed,
    };

    internal static void Need(bool holds, string name, object value, string allowed)
    {
        if (!holds)
        {
            throw new ProblemException("distill-option", string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; allowed is {allowed}."));
        }
    }
}
