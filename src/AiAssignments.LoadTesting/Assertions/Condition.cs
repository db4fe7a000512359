using System.Globalization;
using System.Text.RegularExpressions;
using AiAssignments.Core.Errors;
using AiAssignments.LoadTesting.Measuring;
using AiAssignments.LoadTesting.Reports;

namespace AiAssignments.LoadTesting.Assertions;

/// <summary>
/// A condition on a load test's figures, as <c>--fail-if</c> and <c>--objective</c> take it: a figure, <c>&lt; &lt;= &gt; &gt;=</c>, and a value with its unit, for example
/// <c>p99&gt;25ms</c>, <c>service.avg&lt;=3ms</c>, <c>errors&gt;0.1%</c>, <c>rps&lt;1000</c>.
/// </summary>
public sealed partial record Condition
{
    private const string Figures = "avg, median, min, max, p50, p90, p95, p99, p99.9 (each also after 'service.'), errors, success, rps";

    private readonly Func<LoadReport, double?> measure;
    private readonly string comparison;
    private readonly double value;
    private readonly string unit;

    private Condition(string text, string figure, string comparison, double value, string unit, Func<LoadReport, double?> measure) =>
        (Text, Figure, this.comparison, this.value, this.unit, this.measure) = (text, figure, comparison, value, unit, measure);

    /// <summary>As it was written, without blanks.</summary>
    public string Text { get; }

    /// <summary>The figure's name: <c>p99</c>, <c>service.avg</c>, <c>errors</c>, …</summary>
    public string Figure { get; }

    /// <summary>Reads a condition.</summary>
    /// <param name="text">For example <c>p99&gt;25ms</c>; blanks do not matter.</param>
    /// <exception cref="ProblemException"><c>condition-invalid</c>: what is wrong with it, and what is allowed.</exception>
    public static Condition Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var compact = string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
        var match = text.Length <= 200 ? Pattern().Match(compact) : Match.Empty;
        if (!match.Success)
        {
            throw Invalid(text, "it must be a figure, < <= > or >=, and a value, for example p99>25ms, errors>0.1% or rps<1000.");
        }

        var (name, unit) = (match.Groups["name"].Value.ToLowerInvariant(), match.Groups["unit"].Value);
        if (!double.TryParse(match.Groups["value"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
        {
            throw Invalid(text, "its value is no number.");
        }

        var (factor, measure) = name switch
        {
            "errors" => Share(text, unit, report => report.Requests.Total == 0 ? null : unit == "%" ? 1 - report.Requests.SuccessRate : report.Requests.Failed),
            "success" => unit == "%" ? Share(text, unit, report => report.Requests.SuccessRate) : throw Invalid(text, "success needs a value in %, for example success<99.9%."),
            "rps" or "throughput" => unit.Length == 0 ? (1, report => report.Requests.PerSecond) : throw Invalid(text, "rps is a number without a unit."),
            _ => Time(text, name, unit),
        };
        return new Condition(compact, name, match.Groups["comparison"].Value, value * factor, unit, measure);
    }

    /// <summary>Whether it holds; <c>null</c>: nothing was measured that it could be held against.</summary>
    /// <param name="report">The figures.</param>
    public bool? Holds(LoadReport report) => measure(report) is not { } actual ? null : comparison switch
    {
        "<" => actual < value,
        "<=" => actual <= value,
        ">" => actual > value,
        _ => actual >= value,
    };

    /// <summary>The measured value with its unit, for example <c>12.4ms</c>.</summary>
    /// <param name="report">The figures.</param>
    public string Actual(LoadReport report) => measure(report) is not { } actual ? "nothing measured" : unit switch
    {
        "%" => string.Create(CultureInfo.InvariantCulture, $"{actual * 100:0.###}%"),
        "" => actual.ToString("0.###", CultureInfo.InvariantCulture),
        _ => string.Create(CultureInfo.InvariantCulture, $"{actual / Factor(unit):0.###}{unit}"),
    };

    /// <summary>It as something that makes the test fail when it holds, or when nothing was measured.</summary>
    /// <param name="report">The figures.</param>
    public AssertionOutcome FailIf(LoadReport report) => new(Text, Holds(report) != false, Actual(report));

    private static (double Factor, Func<LoadReport, double?> Measure) Time(string text, string name, string unit)
    {
        var service = name.StartsWith("service.", StringComparison.Ordinal);
        Func<LatencyFigures, double>? figure = (service ? name["service.".Length..] : name) switch
        {
            "avg" or "average" or "mean" => figures => figures.Average,
            "median" or "p50" => figures => figures.Median,
            "min" => figures => figures.Min,
            "max" or "p100" => figures => figures.Max,
            "p90" => figures => figures.P90,
            "p95" => figures => figures.P95,
            "p99" => figures => figures.P99,
            "p99.9" or "p999" => figures => figures.P999,
            _ => null,
        };
        if (figure is null)
        {
            throw Invalid(text, $"there is no figure '{name}'; there are {Figures}.");
        }

        return Factor(unit) is { } factor
            ? (factor, report => (service ? report.Service : report.Latency) is { } figures ? figure(figures) : null)
            : throw Invalid(text, $"{name} is a time and needs a unit: us, ms or s.");
    }

    private static (double Factor, Func<LoadReport, double?> Measure) Share(string text, string unit, Func<LoadReport, double?> measure) => unit switch
    {
        "%" => (0.01, measure),
        "" => (1, measure),
        _ => throw Invalid(text, "errors is a number of requests, or a share of them in %."),
    };

    private static double? Factor(string unit) => unit switch { "us" or "µs" => 0.001, "ms" => 1, "s" => 1000, _ => null };

    private static ProblemException Invalid(string text, string why) => new("condition-invalid", $"The condition '{(text.Length > 60 ? text[..60] + "…" : text)}' cannot be understood: {why}");

    [GeneratedRegex(@"^(?<name>[A-Za-z][A-Za-z0-9.]*)(?<comparison><=|>=|<|>)(?<value>[0-9.]+)(?<unit>[A-Za-zµ%]*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
