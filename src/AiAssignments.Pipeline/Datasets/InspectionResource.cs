using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Datasets.Inspection;

namespace AiAssignments.Pipeline.Datasets;

/// <summary>What a look through a dataset found, as the gateway shows it. Texts are hostile: encode them.</summary>
/// <param name="Format">Name of the format.</param>
/// <param name="Task">What it is labelled for.</param>
/// <param name="Records">Records in all, bad ones included.</param>
/// <param name="Bad">Bad records.</param>
/// <param name="Unlabelled">Good records without a label.</param>
/// <param name="Labels">How often each label occurs, the most frequent first.</param>
/// <param name="LabelProblem">Why labels were not counted.</param>
/// <param name="Lengths">Lengths of the inputs.</param>
/// <param name="ErrorCounts">How many bad records there are of each code.</param>
/// <param name="FirstErrors">The first bad records.</param>
/// <param name="Samples">The first good records.</param>
public sealed record InspectionResource(
    string Format,
    ModelTask Task,
    long Records,
    long Bad,
    long Unlabelled,
    IReadOnlyList<LabelCount> Labels,
    Problem? LabelProblem,
    LengthStatistics? Lengths,
    IReadOnlyDictionary<string, long> ErrorCounts,
    IReadOnlyList<RecordError> FirstErrors,
    IReadOnlyList<RecordSample> Samples)
{
    internal static InspectionResource Of(DatasetInspection found) => new(
        found.Description.Format,
        found.Description.Task,
        found.RecordCount,
        found.BadRecordCount,
        found.UnlabelledCount,
        [.. found.LabelCounts.Select(label => new LabelCount(label.Key, label.Value))],
        found.LabelProblem,
        found.Lengths,
        found.ErrorCounts,
        found.FirstErrors,
        [.. found.Samples.Select(RecordSample.Of)]);
}
