using System.Globalization;
using AiAssignments.Core.Errors;

namespace AiAssignments.Evaluation.Datasets.Labels;

/// <summary>
/// Finds how a dataset's labels stand for a model's, from evidence only: an explicit map, equal names, names that the data
/// declares for its indices, or indices whose first or last value shows where they begin. What cannot be told is explained.
/// </summary>
public static class LabelMatcher
{
    /// <summary>Share of labels that may fit nothing: they become bad records, and the error threshold judges them.</summary>
    public const double DefaultTolerance = 0.01;

    /// <summary>Matches.</summary>
    /// <param name="modelLabels">The model's labels in the order of its outputs; at least one.</param>
    /// <param name="seen">The spellings in the data. When they are not complete and do not suffice, the answer is <c>null</c>.</param>
    /// <param name="declaredNames">Names that the data declares for its indices 0, 1, ...; empty when it declares none.</param>
    /// <param name="map">What the user says: from a spelling in the data to a model's label, by name or index.</param>
    /// <param name="tolerance">Share of labels, 0..1, that may fit nothing.</param>
    /// <returns>The match; <c>null</c> when only a scan of all records can tell whether indices begin at 0 or 1.</returns>
    /// <exception cref="ProblemException"><c>labels-mismatch</c>, <c>label-map-unknown</c>, <c>labels-missing</c>.</exception>
    public static LabelMatch? Match(
        IReadOnlyList<string> modelLabels,
        LabelCounts seen,
        IReadOnlyList<string> declaredNames,
        IReadOnlyDictionary<string, string>? map,
        double tolerance = DefaultTolerance)
    {
        if (seen.Counts.Count == 0)
        {
            return seen.Complete ? throw new ProblemException("labels-missing", "No record of the dataset has a label; an evaluation needs them.") : null;
        }

        var names = ByName(modelLabels);
        if (map is { Count: > 0 })
        {
            var mapped = Checked(new LabelMatch { Scheme = "map", LabelCount = modelLabels.Count, Names = Mapped(modelLabels, names, map) });
            return mapped ?? throw Mismatch(modelLabels, seen, "the map does not cover them");
        }

        if (Checked(new LabelMatch { Scheme = "name", LabelCount = modelLabels.Count, Names = names }) is { } named)
        {
            return named;
        }

        var numbers = Numbers(seen, out var numeric);
        if (numeric < seen.Total * (1 - tolerance))
        {
            throw Mismatch(modelLabels, seen, "they are not the same names");
        }

        if (declaredNames.Count > 0 && !IsPlaceholder(modelLabels))
        {
            var declared = Declared(declaredNames, names);
            return Checked(new LabelMatch { Scheme = "declared names", LabelCount = modelLabels.Count, Names = declared })
                ?? throw Mismatch(modelLabels, seen, $"the data declares them to mean {LabelText.List(declaredNames)}, which are not all labels of the model");
        }

        return ByIndex(modelLabels, seen, numbers, tolerance);

        LabelMatch? Checked(LabelMatch match)
        {
            var misses = seen.Counts.Where(label => match.Resolve(label.Key) < 0).Sum(label => label.Value);
            return misses <= seen.Total * tolerance ? match : null;
        }
    }

    private static LabelMatch? ByIndex(IReadOnlyList<string> modelLabels, LabelCounts seen, Dictionary<int, long> numbers, double tolerance)
    {
        var count = modelLabels.Count;
        var outside = numbers.Where(number => number.Key < 0 || number.Key > count).Sum(number => number.Value);
        if (outside > seen.Total * tolerance)
        {
            throw Mismatch(modelLabels, seen, $"as indices they run from {numbers.Keys.Min()} to {numbers.Keys.Max()}, and the model has {count} labels");
        }

        var zero = numbers.ContainsKey(0);
        var last = numbers.ContainsKey(count);
        if (zero && last)
        {
            throw Mismatch(modelLabels, seen, $"both 0 and {count} occur, which is one index more than the model has labels");
        }

        if (zero || last)
        {
            return new LabelMatch { Scheme = zero ? "index" : "1-based index", LabelCount = count, FirstIndex = zero ? 0 : 1 };
        }

        return seen.Complete
            ? throw Mismatch(modelLabels, seen, $"as indices they may begin at 0 or at 1, since neither 0 nor {count} occurs")
            : null;
    }

    private static Dictionary<string, int> ByName(IReadOnlyList<string> labels)
    {
        var names = new Dictionary<string, int>();
        foreach (var group in labels.Select((label, index) => (label, index)).GroupBy(pair => LabelText.Key(pair.label)).Where(group => group.Count() == 1))
        {
            names[group.Key] = group.First().index;
        }

        for (var i = labels.Count - 1; i >= 0; i--)
        {
            names[labels[i].Trim()] = i;
        }

        return names;
    }

    private static Dictionary<string, int> Mapped(IReadOnlyList<string> labels, Dictionary<string, int> names, IReadOnlyDictionary<string, string> map)
    {
        var mapped = new Dictionary<string, int>(names);
        foreach (var (from, to) in map)
        {
            if (!names.TryGetValue(to.Trim(), out var index) && !names.TryGetValue(LabelText.Key(to), out index)
                && !(int.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out index) && index < labels.Count))
            {
                throw new ProblemException("label-map-unknown", $"The label map sends '{from}' to '{to}', which is no label of the model; its labels are {LabelText.List(labels)}.");
            }

            mapped[from.Trim()] = index;
            mapped[LabelText.Key(from)] = index;
        }

        return mapped;
    }

    /// <summary>Indices of the data, and the declared names themselves, to the model's labels.</summary>
    private static Dictionary<string, int> Declared(IReadOnlyList<string> declared, Dictionary<string, int> names)
    {
        var match = new Dictionary<string, int>(names);
        for (var i = 0; i < declared.Count; i++)
        {
            if (names.TryGetValue(declared[i].Trim(), out var index) || names.TryGetValue(LabelText.Key(declared[i]), out index))
            {
                match[i.ToString(CultureInfo.InvariantCulture)] = index;
            }
        }

        return match;
    }

    /// <summary>A model whose labels say nothing (<c>LABEL_0</c>, <c>LABEL_1</c>, ...): only indices can match.</summary>
    private static bool IsPlaceholder(IReadOnlyList<string> labels) =>
        labels.Select((label, index) => !bool.TryParse(label, out _) && LabelText.TryIndex(label, out var number) && number == index).All(same => same);

    private static Dictionary<int, long> Numbers(LabelCounts seen, out long numeric)
    {
        var numbers = new Dictionary<int, long>();
        numeric = 0;
        foreach (var (label, count) in seen.Counts)
        {
            if (LabelText.TryIndex(label, out var index))
            {
                numbers[index] = numbers.GetValueOrDefault(index) + count;
                numeric += count;
            }
        }

        return numbers;
    }

    private static ProblemException Mismatch(IReadOnlyList<string> modelLabels, LabelCounts seen, string reason)
    {
        var frequent = seen.Counts.OrderByDescending(label => label.Value).ThenBy(label => label.Key, StringComparer.Ordinal).Select(label => label.Key);
        return new ProblemException(
            "labels-mismatch",
            $"The labels of the data, {LabelText.List(frequent)}, do not match those of the model, {LabelText.List(modelLabels)}: {reason}. Give a label map that says for each spelling in the data which label of the model it means.");
    }
}
