namespace AiAssignments.Optimization.Distillation;

/// <summary>Figures of a distillation. Shares are of rows: records, or words for a tagging.</summary>
public sealed record DistillationFacts
{
    /// <summary>Records learned from.</summary>
    public required int TrainingRecords { get; init; }

    /// <summary>Of those, records without a label.</summary>
    public required int UnlabelledRecords { get; init; }

    /// <summary>Records of the validation split, which nothing was learned from.</summary>
    public required int ValidationRecords { get; init; }

    /// <summary>Records left out: without a usable input or answer, or, where labels alone count, without a label.</summary>
    public required int SkippedRecords { get; init; }

    /// <summary>The seed whose network was kept.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The student's accuracy on the labelled validation records; <c>null</c> when there are none.</summary>
    public required double? StudentAccuracy { get; init; }

    /// <summary>The teacher's accuracy on the same records; <c>null</c> without labels or teacher.</summary>
    public required double? TeacherAccuracy { get; init; }

    /// <summary>Share of the validation rows where student and teacher say the same; <c>null</c> without a teacher.</summary>
    public required double? Agreement { get; init; }

    /// <summary>Examples the teacher was asked, and did not answer from the cache.</summary>
    public required int TeacherAsked { get; init; }
}
