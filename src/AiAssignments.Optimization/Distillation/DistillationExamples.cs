using AiAssignments.Core.Datasets;
using AiAssignments.Optimization.Training;

namespace AiAssignments.Optimization.Distillation;

/// <summary>What a student learns from, as its network takes it. Each record gives <see cref="Copies"/> examples: record <c>r</c>'s are <c>r * Copies</c> and following, the record itself first.</summary>
/// <typeparam name="TInput">What an example is to the network.</typeparam>
public sealed record DistillationExamples<TInput>
{
    /// <summary>The examples, records x copies; may be computed when asked for, the same each time. Thread-safe.</summary>
    public required IReadOnlyList<TInput> Inputs { get; init; }

    /// <summary>For each record the labels of its rows (one, or one a word), as indices in the student's order; <c>null</c> for a record without.</summary>
    public required IReadOnlyList<int[]?> Labels { get; init; }

    /// <summary>Whether a record can be learned from; its inputs are never asked for otherwise.</summary>
    public required IReadOnlyList<bool> Usable { get; init; }

    /// <summary>For each record the first one of the same content, itself where there is none before: they are never apart in training and validation. <c>null</c> (default): no two are the same.</summary>
    public IReadOnlyList<int>? Contents { get; init; }

    /// <summary>Examples a record, 1 or more. Default 1.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>The records that the teacher answers for a range of examples (first, count).</summary>
    public required Func<int, int, IReadOnlyList<DatasetRecord>> TeacherRecords { get; init; }

    /// <summary>The student with random weights, from a seed.</summary>
    public required Func<ulong, Network<TInput>> Create { get; init; }

    /// <summary>Done to the trained network before it is measured, for example rounding; nothing by default.</summary>
    public Action<Network<TInput>>? Finish { get; init; }

    /// <summary>What decides the records that the teacher answers: their content, and how copies are made. Answers are kept under it.</summary>
    public required string ContentKey { get; init; }

    /// <summary>What else decides the training: labels, the student's sizes, the options. A checkpoint of another is not gone on from.</summary>
    public required string TrainingKey { get; init; }
}
