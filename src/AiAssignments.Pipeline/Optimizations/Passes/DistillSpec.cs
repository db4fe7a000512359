using System.Text.Json.Serialization;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Optimization.Distillation;
using AiAssignments.Optimization.Distillation.Students;
using AiAssignments.Optimization.Training.Networks;

namespace AiAssignments.Pipeline.Optimizations.Passes;

/// <summary>A small model that learns from a large one (Hinton et al. 2015).</summary>
public sealed record DistillSpec : PassSpec
{
    private const int UsualBatch = 32;
    private const int UsualImageBatch = 16;

    /// <summary>Id of the dataset to learn from; not the gate's. Records without a label count too.</summary>
    public required string DatasetId { get; init; }

    /// <summary>T: softens both softmaxes, 0.1..100. Default 3.</summary>
    public double Temperature { get; init; } = 3;

    /// <summary>a: weight of the teacher's part of the loss, 0..1; the rest is the labels'. Default 0.5.</summary>
    public double Alpha { get; init; } = 0.5;

    /// <summary>Passes over the training split at most, 1..1,000; early stopping ends sooner. Default 30.</summary>
    public int Epochs { get; init; } = 30;

    /// <summary>Epochs without a lower validation loss after which training stops, 1..1,000. Default 6.</summary>
    public int Patience { get; init; } = 6;

    /// <summary>Share of the records that decides when to stop and which seed is kept, 0.01..0.5. Default 0.1.</summary>
    public double ValidationShare { get; init; } = 0.1;

    /// <summary>Records a training step, 1..1,024. Default 32, and 16 for images, of which each counts for more.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? BatchSize { get; init; }

    /// <summary>Highest learning rate, above 0 up to 1. Default 0.002.</summary>
    public double LearningRate { get; init; } = 0.002;

    /// <summary>Students trained, one a seed, 1..16; the best on the validation split is kept. Default 1.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>Size of the student: <c>tiny</c>, <c>small</c> (default) or <c>medium</c>.</summary>
    public string Student { get; init; } = "small";

    /// <summary>Images are learned from mirrored, too. Default <c>true</c>; not for digits or letters.</summary>
    public bool Flip { get; init; } = true;

    internal override string Kind => "distill";

    internal override string? OwnDatasetId => DatasetId;

    internal override string Describe() => FormattableString.Invariant(
        $"T={Temperature} a={Alpha} student={Student} epochs={Epochs} patience={Patience} validation={ValidationShare} rate={LearningRate} seeds={Seeds}{(BatchSize is { } batch ? FormattableString.Invariant($" batch={batch}") : string.Empty)}{(Flip ? string.Empty : " no-flip")} taught-on={DatasetId}");

    internal override void Check(ModelTask task)
    {
        SpecCheck.OneOf(Student, "student", "tiny", "small", "medium");
        SpecCheck.Within(Epochs is >= 1 and <= 1000, "epochs", Epochs, "1 to 1,000");
        SpecCheck.Within(Patience is >= 1 and <= 1000, "patience", Patience, "1 to 1,000");
        SpecCheck.Within(Seeds is >= 1 and <= 16, "seeds", Seeds, "1 to 16");
        SpecCheck.Within(BatchSize is null or (>= 1 and <= 1024), "batchSize", BatchSize ?? 0, "1 to 1,024");
        SpecCheck.Within(Temperature is >= 0.1 and <= 100, "temperature", Temperature, "0.1 to 100");
        SpecCheck.Within(Alpha is >= 0 and <= 1, "alpha", Alpha, "0 to 1");
        SpecCheck.Within(ValidationShare is >= 0.01 and <= 0.5, "validationShare", ValidationShare, "0.01 to 0.5");
        SpecCheck.Within(LearningRate is > 0 and <= 1, "learningRate", LearningRate, "above 0, up to 1");
        SpecCheck.Only(Flip || task == ModelTask.ImageClassification, "flip", task.Name());
        if (string.IsNullOrEmpty(DatasetId))
        {
            throw new ProblemException("option-invalid", "distill needs a dataset to learn from; not the gate's.");
        }
    }

    /// <summary>As the distiller takes it.</summary>
    internal DistillationOptions Options(string name, string gateDatasetHash, ModelTask task) => new()
    {
        Name = name,
        GateDatasetHash = gateDatasetHash,
        Temperature = Temperature,
        Alpha = Alpha,
        Epochs = Epochs,
        Patience = Patience,
        ValidationShare = ValidationShare,
        BatchSize = BatchSize ?? (task == ModelTask.ImageClassification ? UsualImageBatch : UsualBatch),
        LearningRate = LearningRate,
        Seeds = [.. Enumerable.Range(1, Seeds).Select(seed => (ulong)seed)],
        Text = Student switch
        {
            "tiny" => new() { Buckets = 4096, Dimensions = 8, Hidden = 16 },
            "medium" => new() { Buckets = 65_536, Dimensions = 32, Hidden = 64 },
            _ => new(),
        },
        Tagging = Student switch
        {
            "tiny" => new() { Buckets = 8192, Dimensions = 8, Hidden = 32 },
            "medium" => new() { Buckets = 65_536, Dimensions = 32, Hidden = 128 },
            _ => new(),
        },
        Image = new ImageStudentOptions { Stages = Stages(), Flip = Flip },
    };

    private ConvolutionStage[] Stages() => Student switch
    {
        "tiny" => [new(12), new(24), new(48)],
        "medium" => [new(32, Residual: 1), new(64, Residual: 1), new(128, Residual: 1)],
        _ => [.. new ImageStudentOptions().Stages],
    };
}
