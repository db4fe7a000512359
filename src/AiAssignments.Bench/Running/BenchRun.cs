using System.Diagnostics;
using System.Globalization;
using AiAssignments.Bench.Comparing;
using AiAssignments.Bench.Installations;
using AiAssignments.Bench.Steps;
using AiAssignments.Bench.Table;
using AiAssignments.Core.Errors;

namespace AiAssignments.Bench.Running;

/// <summary>
/// Measures an installation. Everything once a round, round after round: so what else the machine does falls on all alike, and the spread over the rounds holds what changes from minute to minute.
/// </summary>
public static class BenchRun
{
    /// <summary>Most rounds.</summary>
    public const int MostRounds = 100;

    private static readonly TimeSpan SamplesPatience = TimeSpan.FromMinutes(2);

    /// <summary>Measures.</summary>
    /// <param name="options">What, and for how long.</param>
    /// <param name="observer">Is told how it goes; <c>null</c>: nobody.</param>
    /// <param name="time">The clock of the table's date.</param>
    /// <param name="cancellationToken">Stops it; what was put into the installation is taken away.</param>
    /// <returns>The table. What could not be measured is named in <see cref="BenchTable.Failed"/>, with why in its notes.</returns>
    /// <exception cref="ProblemException">An option is out of range, the installation cannot be reached or started, or not one figure could be measured.</exception>
    public static async Task<BenchTable> RunAsync(BenchOptions options, IBenchObserver? observer, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var (rounds, most) = Check(options);
        var (startedAt, start) = (time.GetUtcNow(), Stopwatch.GetTimestamp());
        var collector = new BenchCollector();
        observer?.OnStep(new BenchProgress(options.Url is null ? "Starting a private installation" : "Asking the installation", 0, rounds, 0, 0));
        var own = options.Url is null ? await PrivateInstallation.StartAsync(options.Host, cancellationToken).ConfigureAwait(false) : null;
        try
        {
            using var installation = await Installation.OpenAsync(own?.Url ?? options.Url!, options.Key, options.AllowRemote, options.AnyCertificate, cancellationToken).ConfigureAwait(false);
            if (own is not null)
            {
                if (own.IsInMemory)
                {
                    collector.Note("The private installation's data folder is in memory ($TMPDIR is a tmpfs): uploads and stores wrote to no disk.");
                }

                observer?.OnStep(new BenchProgress("Evaluating the sample datasets", 0, rounds, 0, 0));
                await SampleEvaluations.WaitAsync(installation, SamplesPatience, cancellationToken).ConfigureAwait(false);
            }

            var models = await RegisteredModels.ReadAsync(installation, cancellationToken).ConfigureAwait(false);
            var runId = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture)[..10];
            var context = new BenchContext(options, options.Pace ?? (options.Quick ? BenchPace.Quick : BenchPace.Usual), installation, models, collector, runId);
            var measured = await BenchRounds.MeasureAsync(context, observer, rounds, most, start, cancellationToken).ConfigureAwait(false);
            foreach (var unknown in options.Targets.Keys.Except(Targets.BenchTargets.Defaults.Keys).Where(id => !collector.Has(id)).Order(StringComparer.Ordinal).Take(10))
            {
                collector.Note($"There is a target for '{unknown}', and no such figure was measured.");
            }

            if (collector.Bottlenecks.Count > 0)
            {
                collector.Note($"In one run or more the load generator was itself the bottleneck, and the figures are worse than the service's: {string.Join("; ", collector.Bottlenecks)}.");
            }

            return new BenchTable
            {
                StartedAt = startedAt,
                Seconds = Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 1),
                Installation = own is null ? installation.Root : "private",
                Quick = options.Quick,
                Rounds = measured,
                Sections = [.. options.Sections.Order()],
                ReadOnly = options.ReadOnly,
                Tokens = options.Tokens,
                Build = BenchMachine.Build,
                Failed = collector.Failed,
                Machine = BenchMachine.Read(),
                Loads = collector.Loads,
                Rows = collector.Rows(options.Targets),
                Notes = collector.Notes,
            };
        }
        finally
        {
            if (own is not null)
            {
                await own.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private static (int Rounds, TimeSpan Most) Check(BenchOptions options)
    {
        var rounds = options.Rounds ?? BenchComparison.FewestRounds;
        var most = options.MostTime ?? TimeSpan.FromSeconds(options.Quick ? 90 : 480);
        if (rounds is < 1 or > MostRounds)
        {
            throw new ProblemException("option-invalid", $"The rounds must be 1 to {MostRounds}.");
        }

        if (most <= TimeSpan.Zero || most > TimeSpan.FromHours(2))
        {
            throw new ProblemException("option-invalid", "The time must be above 0 and at most 2 hours.");
        }

        if (options.Tokens is < 8 or > 512)
        {
            throw new ProblemException("option-invalid", "The tokens of a text must be 8 to 512.");
        }

        foreach (var (shape, path) in options.Weights)
        {
            if (!ShapeStep.Names.Contains(shape) || !File.Exists(path))
            {
                throw new ProblemException("option-invalid", $"--weights must be a shape ({string.Join(", ", ShapeStep.Names)}), '=' and the path of an ONNX file that is there.", path);
            }
        }

        if (options.Baseline is { } baseline)
        {
            BenchComparison.Check(baseline, options.Sections, rounds);
        }

        return (rounds, most);
    }
}
