using AiAssignments.Core.Datasets;

namespace AiAssignments.Evaluation.Datasets.Labels;

/// <summary>
/// Whether records may come without a label where others have one. An evaluation counts such a record as bad, because a missing label is most often a mistake there;
/// what only looks at inputs, or learns from both kinds, takes it as it is.
/// </summary>
public static class OptionalLabels
{
    private const string Fact = "labels";
    private const string Optional = "optional";

    /// <summary>The same dataset, of which CSV, TSV and JSON Lines give records whose label is empty, null or not there: without one. Other formats do so in any case.</summary>
    /// <param name="description">The dataset.</param>
    public static DatasetDescription Allow(DatasetDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        return description with { Details = new Dictionary<string, string>(description.Details) { [Fact] = Optional } };
    }

    internal static bool AreIn(DatasetDescription description) => description.Details.GetValueOrDefault(Fact) == Optional;
}
