using AiAssignments.Evaluation.Results;
using AiAssignments.Pipeline.Comparisons;

namespace AiAssignments.Http.Routes;

/// <summary>A comparison as the gateway shows it: see <see cref="ComparisonRecord"/>.</summary>
internal sealed record ComparisonResource(
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
    IReadOnlyDictionary<string, string> Links)
{
    public static ComparisonResource Of(ComparisonRecord record) => new(
        record.Id,
        record.A,
        record.B,
        record.ModelA,
        record.ModelB,
        record.Dataset,
        record.CreatedAt,
        record.Verdict,
        record.Paired,
        record.BothRight,
        record.OnlyA,
        record.OnlyB,
        record.BothWrong,
        record.Differences,
        record.Notes,
        new Dictionary<string, string>
        {
            ["self"] = $"/api/comparisons/{record.Id}",
            ["report"] = $"/reports/{record.Id}/{ComparisonFiles.Html}",
            ["markdown"] = $"/reports/{record.Id}/{ComparisonFiles.Markdown}",
            ["json"] = $"/reports/{record.Id}/{ComparisonFiles.Json}",
        });
}
