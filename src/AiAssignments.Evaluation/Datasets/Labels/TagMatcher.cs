using System.Globalization;
using AiAssignments.Core.Errors;

namespace AiAssignments.Evaluation.Datasets.Labels;

/// <summary>Finds how a dataset's tags stand for a model's: by entity type. Prefixes need not agree, entities are what is compared.</summary>
public static class TagMatcher
{
    /// <summary>Matches.</summary>
    /// <param name="modelLabels">The model's tags in the order of its outputs.</param>
    /// <param name="seen">The tags in the data; those of all records for a match to hold for all.</param>
    /// <param name="declaredNames">Names that the data declares for its indices; empty when it declares none.</param>
    /// <param name="map">What the user says: from a tag or an entity type in the data to one of the model, or to <c>O</c> to leave it out.</param>
    /// <exception cref="ProblemException"><c>labels-mismatch</c>, <c>label-map-unknown</c>, <c>labels-missing</c>.</exception>
    public static TagMatch Match(IReadOnlyList<string> modelLabels, LabelCounts seen, IReadOnlyList<string> declaredNames, IReadOnlyDictionary<string, string>? map)
    {
        if (seen.Counts.Count == 0)
        {
            throw new ProblemException("labels-missing", "No record of the dataset has tags; an evaluation needs them.");
        }

        var types = new Dictionary<string, string>();
        foreach (var tag in modelLabels.Select(TagName.Parse).Where(tag => !tag.IsOutside))
        {
            types.TryAdd(LabelText.Fold(tag.Type), tag.Type);
        }

        var targets = Targets(map, types);
        var indices = seen.Counts.Keys.All(tag => int.TryParse(tag, NumberStyles.None, CultureInfo.InvariantCulture, out _));
        var spelled = indices ? Named(modelLabels, seen, declaredNames) : seen.Counts.Keys.ToDictionary(tag => tag, tag => tag);
        var tags = new Dictionary<string, string>();
        var used = new HashSet<string>();
        var unknown = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (raw, spelling) in spelled)
        {
            var tag = Mapped(TagName.Parse(spelling), spelling, targets);
            if (tag.IsOutside || types.TryGetValue(LabelText.Fold(tag.Type), out _))
            {
                tag = tag.IsOutside ? tag : tag with { Type = types[LabelText.Fold(tag.Type)] };
                tags[raw] = tag.ToString();
                used.Add(tag.Type);
            }
            else if (seen.Counts.ContainsKey(raw))
            {
                unknown.Add(tag.Type);
            }
        }

        if (unknown.Count > 0)
        {
            throw Mismatch(types.Values, unknown);
        }

        return new TagMatch
        {
            Scheme = map is { Count: > 0 } ? "map" : !indices ? "name" : declaredNames.Count > 0 ? "declared names" : "index",
            Tags = tags,
            Map = indices ? new Dictionary<string, string>() : targets,
            ByName = !indices,
            ModelTypes = [.. types.Values],
            UnusedTypes = [.. types.Values.Where(type => !used.Contains(type))],
        };
    }

    private static Dictionary<string, string> Named(IReadOnlyList<string> modelLabels, LabelCounts seen, IReadOnlyList<string> declaredNames)
    {
        var names = declaredNames.Count > 0 ? declaredNames : modelLabels;
        var spelled = names.Select((name, index) => (name, index)).ToDictionary(pair => pair.index.ToString(CultureInfo.InvariantCulture), pair => pair.name);
        if (seen.Counts.Keys.FirstOrDefault(tag => !spelled.ContainsKey(tag)) is { } outside)
        {
            throw new ProblemException("labels-mismatch", $"The tags of the data are indices, and {outside} is beyond the {names.Count} that {(declaredNames.Count > 0 ? "the data declares" : "the model has")}.");
        }

        // Without names only the order can match; that most words are outside of entities is the one check there is.
        var frequent = seen.Counts.MaxBy(tag => tag.Value).Key;
        if (declaredNames.Count == 0 && !TagName.Parse(spelled[frequent]).IsOutside)
        {
            throw new ProblemException("labels-mismatch", $"The tags of the data are indices without names, and the most frequent one, {frequent}, would be the model's {spelled[frequent]} where O is to be expected: the order differs. Give a label map, or tags as names.");
        }

        return spelled;
    }

    // All of the map is checked, since a spelling that was not looked at may need any of it.
    private static Dictionary<string, string> Targets(IReadOnlyDictionary<string, string>? map, Dictionary<string, string> types)
    {
        var targets = new Dictionary<string, string>();
        foreach (var (from, to) in map ?? new Dictionary<string, string>())
        {
            var target = TagName.Parse(to);
            targets[from] = target.IsOutside ? "O"
                : types.TryGetValue(LabelText.Fold(target.Type), out var type) ? type
                : throw new ProblemException("label-map-unknown", $"The label map sends '{from}' to '{to}', which is no entity type of the model; its types are {LabelText.List(types.Values)}.");
        }

        return targets;
    }

    private static TagName Mapped(TagName tag, string spelling, Dictionary<string, string> targets) =>
        tag.IsOutside || !(targets.TryGetValue(spelling, out var to) || targets.TryGetValue(tag.Type, out to)) ? tag
        : to == "O" ? new TagName('O', string.Empty)
        : tag with { Type = to };

    private static ProblemException Mismatch(IEnumerable<string> modelTypes, IEnumerable<string> unknown) => new(
        "labels-mismatch",
        $"The data has entities of the types {LabelText.List(unknown)}, which the model does not know; its types are {LabelText.List(modelTypes)}. Give a label map that says for each which type it is, or O to leave it out.");
}
