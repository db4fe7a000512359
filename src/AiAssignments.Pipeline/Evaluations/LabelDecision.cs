using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Datasets;
using AiAssignments.Evaluation.Datasets.Labels;

namespace AiAssignments.Pipeline.Evaluations;

/// <summary>How a dataset's labels stand for a model's, decided once for all shards: labels of a classification, or tags of a tagging.</summary>
/// <param name="Labels">Set for text and image classification.</param>
/// <param name="Tags">Set for token classification.</param>
internal sealed record LabelDecision(LabelMatch? Labels, TagMatch? Tags)
{
    // Files are often sorted by label (IMDB: all of one class first), so shards from everywhere are looked at, not the head.
    private const int ShardsLookedAt = 16;

    /// <summary>How labels were matched, for the report.</summary>
    public string Scheme => Labels?.Scheme ?? Tags!.Scheme;

    /// <summary>The spellings in shards spread over the dataset (in all of them, when there are few).</summary>
    public static Task<LabelCounts> LookAsync(IDatasetFormat format, IDataSource source, DatasetDescription description, ShardPlan plan, CancellationToken cancellationToken)
    {
        var shards = plan.Shards;
        var complete = shards.Count <= ShardsLookedAt;
        var spread = complete ? shards : [.. Enumerable.Range(0, ShardsLookedAt).Select(step => shards[(int)((long)step * (shards.Count - 1) / (ShardsLookedAt - 1))])];
        return LabelScan.RunAsync(format, source, description, spread, complete, cancellationToken);
    }

    /// <summary>Decides, reading every record only when a look does not suffice.</summary>
    public static async Task<LabelDecision> DecideAsync(
        ModelCard card, IDatasetFormat format, IDataSource source, DatasetDescription description, ShardPlan plan,
        IReadOnlyDictionary<string, string>? map, CancellationToken cancellationToken)
    {
        var seen = await LookAsync(format, source, description, plan, cancellationToken).ConfigureAwait(false);
        if (Decide(card, seen, description, map) is { } decision)
        {
            return decision;
        }

        var all = await LabelScan.RunAsync(format, source, description, plan.Shards, complete: true, cancellationToken).ConfigureAwait(false);
        return Decide(card, all, description, map)!;
    }

    /// <summary>Decides from what was seen; <c>null</c> when only all records can tell.</summary>
    public static LabelDecision? Decide(ModelCard card, LabelCounts seen, DatasetDescription description, IReadOnlyDictionary<string, string>? map)
    {
        if (card.Task == ModelTask.TokenClassification)
        {
            return seen.Counts.Count == 0 && !seen.Complete ? null : new LabelDecision(null, TagMatcher.Match(card.Labels, seen, description.LabelNames, map));
        }

        return LabelMatcher.Match(card.Labels, seen, description.LabelNames, map) is { } match ? new LabelDecision(match, null) : null;
    }
}
