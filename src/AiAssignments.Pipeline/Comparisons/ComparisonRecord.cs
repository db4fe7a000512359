using AiAssignments.Evaluation.Results;

namespace AiAssignments.Pipeline.Comparisons;

/// <summary>A comparison that is kept: its figures; the whole is in its report.</summary>
/// <param name="Id">Its id, made of both evaluations'.</param>
/// <param name="A">Id of the evaluation that is the baseline.</param>
/// <param name="B">Id of the other.</param>
/// <param name="ModelA">Model version of A as <c>name@version</c>.</param>
/// <param name="ModelB">Model version of B.</param>
/// <param name="Dataset">Name of the dataset. Hostile: encode it.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Verdict">One plain sentence: whether the difference is real.</param>
/// <param name="Paired">Records scored by both.</param>
/// <param name="BothRight">Both right.</param>
/// <param name="OnlyA">Only A right.</param>
/// <param name="OnlyB">Only B right.</param>
/// <param name="BothWrong">Both wrong.</param>
/// <param name="Differences">The differences, B minus A, each with interval and test.</param>
/// <param name="Notes">Sentences that a reader should know.</param>
/// <param name="ReportFolder">Blob path of its report's folder, with a trailing <c>/</c>.</param>
public sealed record ComparisonRecord(
    string Id,
    string A,
    string B,
    string ModelA,
    string ModelB,
    string Dataset,
    DateTimeOffset CreatedAt,
    string Verdict,
    long Paired,
    long BothRight,
    long OnlyA,
    long OnlyB,
    long BothWrong,
    IReadOnlyList<PairedDifference> Differences,
    IReadOnlyList<string> Notes,
    string ReportFolder);
