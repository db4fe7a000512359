using System.Text;

namespace AiAssignments.Pipeline.Evaluations;

/// <summary>Blob paths of an evaluation. All are derived, so that writing twice writes the same blob.</summary>
internal static class EvaluationPaths
{
    public const string WorkRoot = "work/";
    public const string ReportRoot = "reports/";

    public static string Work(string evaluationId) => $"{WorkRoot}{evaluationId}/";

    public static string Plan(string evaluationId) => $"{Work(evaluationId)}plan.json";

    public static string Rows(string evaluationId, int shard) => $"{Work(evaluationId)}shards/{shard:D6}.rows.jsonl";

    public static string Summary(string evaluationId, int shard) => $"{Work(evaluationId)}shards/{shard:D6}.summary.json";

    /// <summary>The report's folder, readable for a person who looks into the data folder: model, dataset, start of the id. Only letters that every file system keeps as they are.</summary>
    public static string Report(string evaluationId, string model, string dataset) =>
        $"{ReportRoot}{Slug(model)}--{Slug(dataset)}--{evaluationId[..8]}/";

    private static string Slug(string name)
    {
        var slug = new StringBuilder();
        foreach (var c in name)
        {
            slug.Append(char.IsAsciiLetterOrDigit(c) || c == '-' ? char.ToLowerInvariant(c) : '_');
        }

        return slug.Length == 0 ? "_" : slug.ToString(0, Math.Min(slug.Length, 60));
    }
}
