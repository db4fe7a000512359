using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;

namespace AiAssignments.Evaluation.Datasets.Inspection;

/// <summary>What a look through a whole dataset found.</summary>
public sealed record DatasetInspection
{
    /// <summary>Format, layout, columns and their parts.</summary>
    public required DatasetDescription Description { get; init; }

    /// <summary>Records in all, bad ones included.</summary>
    public required long RecordCount { get; init; }

    /// <summary>Bad records.</summary>
    public required long BadRecordCount { get; init; }

    /// <summary>Good records without a label.</summary>
    public required long UnlabelledCount { get; init; }

    /// <summary>How often each label occurs, as the data spells it (for sentences: each tag); the most frequent first. Empty when there are too many to be labels: see <see cref="LabelProblem"/>.</summary>
    public required IReadOnlyList<KeyValuePair<string, long>> LabelCounts { get; init; }

    /// <summary>Why labels were not counted.</summary>
    public Problem? LabelProblem { get; init; }

    /// <summary>Lengths of the inputs of good records; <c>null</c> when there are none.</summary>
    public LengthStatistics? Lengths { get; init; }

    /// <summary>How many bad records there are of each code.</summary>
    public required IReadOnlyDictionary<string, long> ErrorCounts { get; init; }

    /// <summary>The first bad records, at most 20.</summary>
    public required IReadOnlyList<RecordError> FirstErrors { get; init; }

    /// <summary>The first good records, at most 3. Hostile: encode what is shown.</summary>
    public required IReadOnlyList<DatasetRecord> Samples { get; init; }
}
