using System.Globalization;
using AiAssignments.LoadTesting.Assertions;
using AiAssignments.LoadTesting.Reports;

namespace AiAssignments.LoadTesting.Capacity;

/// <summary>
/// Finds the highest rate that meets an objective. The rate is doubled until it fails (or halved until it is met), the gap is halved on a logarithmic scale,
/// and the result is confirmed by longer runs, two of three; where they disagree it goes down a step.
/// </summary>
/// <param name="objective">What must hold.</param>
/// <param name="options">How to search.</param>
/// <param name="run">Offers a rate in a stage (<c>doubling</c>, <c>bisection</c>, <c>confirmation</c>) and reports.</param>
/// <param name="tell">Is told each probe.</param>
public sealed class CapacitySearch(Condition objective, CapacityOptions options, Func<string, double, CancellationToken, Task<LoadReport>> run, Action<CapacityProbe>? tell = null)
{
    private const int MostHalvings = 10;
    private const int MostSteps = 4;

    private readonly List<CapacityProbe> probes = [];
    private LoadReport? last;

    /// <summary>Searches.</summary>
    /// <param name="cancellationToken">Ends it; what was found until then is the result.</param>
    /// <returns>The result, and the report of the run that shows it: the last that met the objective, or the last at all.</returns>
    public async Task<(CapacityResult Result, LoadReport? Report)> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (met, failed) = await BracketAsync(cancellationToken).ConfigureAwait(false);
            if (met is null)
            {
                return (Result(null, "none", $"Not even {Shown(failed!.Rate)} requests a second meet {objective.Text} ({failed.Observed})."), last);
            }

            while (failed is not null && failed.Rate / met.Rate > 1 + options.Resolution)
            {
                var probe = await ProbeAsync("bisection", Math.Sqrt(met.Rate * failed.Rate), cancellationToken).ConfigureAwait(false);
                (met, failed) = probe.Met ? (probe, failed) : (met, probe);
            }

            return await ConfirmAsync(met, failed, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            var best = probes.Where(probe => probe.Met).Select(probe => (double?)probe.Rate).Max();
            return (Result(null, "interrupted", best is { } rate ? $"Interrupted; {Shown(rate)} requests a second met {objective.Text}, unconfirmed." : "Interrupted before any rate met the objective."), last);
        }
    }

    private async Task<(CapacityProbe? Met, CapacityProbe? Failed)> BracketAsync(CancellationToken cancellationToken)
    {
        CapacityProbe? met = null, failed = null;
        for (var rate = Math.Min(options.First, options.Highest); ; rate = Math.Min(rate * 2, options.Highest))
        {
            var probe = await ProbeAsync("doubling", rate, cancellationToken).ConfigureAwait(false);
            (met, failed) = probe.Met ? (probe, failed) : (met, probe);
            if (failed is not null || rate >= options.Highest)
            {
                break;
            }
        }

        for (var halvings = 0; met is null && halvings < MostHalvings && failed!.Rate > 1; halvings++)
        {
            var probe = await ProbeAsync("doubling", failed.Rate / 2, cancellationToken).ConfigureAwait(false);
            (met, failed) = probe.Met ? (probe, failed) : (met, probe);
        }

        return (met, failed);
    }

    private async Task<(CapacityResult Result, LoadReport? Report)> ConfirmAsync(CapacityProbe met, CapacityProbe? failed, CancellationToken cancellationToken)
    {
        var rate = met.Rate;
        for (var step = 0; step < MostSteps; step++)
        {
            var (yes, no) = (0, 0);
            LoadReport? shown = null;
            while (yes < 2 && no < 2)
            {
                var probe = await ProbeAsync("confirmation", rate, cancellationToken).ConfigureAwait(false);
                (yes, no) = probe.Met ? (yes + 1, no) : (yes, no + 1);
                (shown, failed) = probe.Met ? (last, failed) : (shown, probe);
            }

            if (yes == 2)
            {
                return (Found(rate, failed), shown);
            }

            rate /= 1 + options.Resolution;
        }

        return (Result(null, "unconfirmed", $"Short runs met {objective.Text} up to {Shown(met.Rate)} requests a second, longer ones did not, down to {Shown(rate)}."), last);
    }

    private CapacityResult Found(double rate, CapacityProbe? failed)
    {
        var reading = $"{Shown(rate)} requests a second meet {objective.Text}, confirmed by two runs";
        return failed switch
        {
            null => Result(rate, "limit", $"{reading}. More may not be offered (limit {Shown(options.Highest)}): the capacity is higher."),
            { Bottleneck: true } => Result(rate, "generator", $"{reading}. At {Shown(failed.Rate)} the generator was the bottleneck ({failed.Observed}): the capacity may be higher."),
            _ => Result(rate, "found", $"{reading}; at {Shown(failed.Rate)} it fails ({failed.Observed})."),
        };
    }

    private async Task<CapacityProbe> ProbeAsync(string stage, double rate, CancellationToken cancellationToken)
    {
        // Whole numbers read better, and no rate is known to a fraction of one in a hundred.
        rate = rate >= 100 ? Math.Round(rate) : rate;
        var report = await run(stage, rate, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        last = report;
        var observed = $"{objective.Figure} {objective.Actual(report)}";
        var success = report.Requests.SuccessRate ?? 0;
        var met = objective.Holds(report) == true;
        if (met && objective.Figure is not ("errors" or "success") && success < options.LeastSuccess)
        {
            (met, observed) = (false, string.Create(CultureInfo.InvariantCulture, $"{observed}, but only {success * 100:0.#}% succeeded"));
        }

        if (met && report.Requests.PerSecond < rate * options.LeastKept)
        {
            (met, observed) = (false, string.Create(CultureInfo.InvariantCulture, $"{observed}, but only {report.Requests.PerSecond:N0} a second were answered"));
        }

        var probe = new CapacityProbe(stage, rate, met, observed, report.Requests.PerSecond, report.Latency?.P99, success, report.Generator.Bottleneck);
        probes.Add(probe);
        tell?.Invoke(probe);
        return probe;
    }

    private CapacityResult Result(double? rate, string ended, string reading) => new(objective.Text, rate, ended, reading, [.. probes]);

    private static string Shown(double rate) => rate.ToString(rate >= 100 ? "N0" : "0.##", CultureInfo.InvariantCulture);
}
