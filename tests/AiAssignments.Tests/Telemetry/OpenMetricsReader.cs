using System.Globalization;
using System.Text.RegularExpressions;

namespace AiAssignments.Tests.Telemetry;

/// <summary>
/// Reads OpenMetrics text 1.0.0 as strictly as its specification (github.com/prometheus/OpenMetrics, "ABNF" and the rules around it) has it, and refuses what it does not allow:
/// families that are not together, samples with suffixes that the type does not have, buckets out of order, exemplars where none may be or too long ones, a missing end.
/// </summary>
internal sealed partial class OpenMetricsReader
{
    private static readonly Dictionary<string, string[]> Suffixes = new(StringComparer.Ordinal)
    {
        ["counter"] = ["_total", "_created"],
        ["gauge"] = [""],
        ["histogram"] = ["_bucket", "_count", "_sum", "_created"],
        ["info"] = ["_info"],
        ["unknown"] = [""],
    };

    public List<Sample> Samples { get; } = [];

    public Dictionary<string, string> Types { get; } = new(StringComparer.Ordinal);

    public static OpenMetricsReader Read(string text)
    {
        var reader = new OpenMetricsReader();
        Assert.EndsWith("\n# EOF\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\r", text, StringComparison.Ordinal);
        string? family = null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in text[..^"# EOF\n".Length].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith('#'))
            {
                var told = Descriptor().Match(line);
                Assert.True(told.Success, line);
                var name = told.Groups["name"].Value;
                if (name != family)
                {
                    Assert.True(seen.Add(name), $"{name} comes twice");
                    family = name;
                }

                if (told.Groups["what"].Value == "TYPE")
                {
                    Assert.True(Suffixes.ContainsKey(told.Groups["rest"].Value), line);
                    reader.Types.Add(name, told.Groups["rest"].Value);
                }
                else if (told.Groups["what"].Value == "UNIT")
                {
                    Assert.EndsWith("_" + told.Groups["rest"].Value, name, StringComparison.Ordinal);
                }

                continue;
            }

            reader.Add(line, family!);
        }

        reader.CheckHistograms();
        return reader;
    }

    private void Add(string line, string family)
    {
        var match = Line().Match(line);
        Assert.True(match.Success, line);
        var name = match.Groups["name"].Value;
        var type = Types[family];
        var suffix = Suffixes[type].SingleOrDefault(suffix => name == family + suffix);
        Assert.True(suffix is not null, $"{name} is no sample of the {type} {family}");
        Exemplar? exemplar = null;
        if (match.Groups["exemplar"].Success)
        {
            Assert.True(suffix is "_bucket" or "_total", line);
            var labels = Labels(match.Groups["exemplar"].Value);
            Assert.True(labels.Sum(label => label.Key.EnumerateRunes().Count() + label.Value.EnumerateRunes().Count()) <= 128, line);
            exemplar = new Exemplar(labels, Number(match.Groups["exemplarValue"].Value), match.Groups["exemplarTime"].Success ? Number(match.Groups["exemplarTime"].Value) : null);
        }

        var sample = new Sample(family, suffix!, Labels(match.Groups["labels"].Value), Number(match.Groups["value"].Value), exemplar);
        if (exemplar is not null && suffix == "_bucket")
        {
            Assert.True(exemplar.Value <= Number(sample.Labels["le"]), line);
        }

        Samples.Add(sample);
    }

    private void CheckHistograms()
    {
        foreach (var family in Samples.Where(sample => sample.Suffix == "_bucket").GroupBy(sample => sample.Family + Key(sample)))
        {
            var buckets = family.ToList();
            var bounds = buckets.Select(bucket => Number(bucket.Labels["le"])).ToList();
            Assert.Equal(bounds.Order(), bounds);
            Assert.Equal(double.PositiveInfinity, bounds[^1]);
            Assert.Equal(buckets.Select(bucket => bucket.Value).Order(), buckets.Select(bucket => bucket.Value));
            Assert.Equal(buckets[^1].Value, Samples.Single(sample => sample.Suffix == "_count" && sample.Family + Key(sample) == family.Key).Value);
        }

        static string Key(Sample sample) => string.Join(',', sample.Labels.Where(label => label.Key != "le").OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));
    }

    private static Dictionary<string, string> Labels(string text)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match label in Label().Matches(text))
        {
            labels.Add(label.Groups["name"].Value, label.Groups["value"].Value);
        }

        return labels;
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex("""^# (?<what>TYPE|UNIT|HELP) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<rest>.*)$""", RegexOptions.CultureInvariant)]
    private static partial Regex Descriptor();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?<labels>(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? (?<value>[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?|[-+]Inf|NaN)(?: (?<time>[0-9.]+))?(?: # \{(?<exemplar>(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*",?)*)\} (?<exemplarValue>[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)(?: (?<exemplarTime>[0-9.]+))?)?$""", RegexOptions.CultureInvariant)]
    private static partial Regex Line();

    [GeneratedRegex("""(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>(?:[^"\\\n]|\\[\\"n])*)",?""", RegexOptions.CultureInvariant)]
    private static partial Regex Label();

    internal sealed record Sample(string Family, string Suffix, IReadOnlyDictionary<string, string> Labels, double Value, Exemplar? Exemplar);

    internal sealed record Exemplar(IReadOnlyDictionary<string, string> Labels, double Value, double? Time);
}
