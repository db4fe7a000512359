using System.Globalization;
using AiAssignments.Bench.Comparing;
using AiAssignments.Bench.Table;

namespace AiAssignments.Bench.Reports;

/// <summary>A table in sentences.</summary>
public static class BenchWords
{
    /// <summary>What was measured, how often and how long.</summary>
    /// <param name="table">The table.</param>
    public static string Reading(BenchTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var what = table.Installation == "private" ? "A private installation with the sample models and datasets" : $"The installation at {table.Installation}";
        return string.Create(CultureInfo.InvariantCulture, $"{what}, measured in {table.Rounds} round{(table.Rounds == 1 ? string.Empty : "s")}{(table.Quick ? " of short runs" : string.Empty)} over {table.Seconds:0} s. Each figure is the median of the rounds, with the least and the greatest.");
    }

    /// <summary>How many targets are met.</summary>
    /// <param name="table">The table.</param>
    public static string Targets(BenchTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var (met, all) = (table.Rows.Count(row => row.Met == true), table.Rows.Count(row => row.Met is not null));
        var partial = table.Rows.Count(row => row.Target is not null && row.Met is null);
        var words = all == 0
            ? partial == 0 ? "No targets were set." : "No target can be judged."
            : string.Create(CultureInfo.InvariantCulture, $"{met} of {all} targets are met.");
        return partial == 0 ? words : string.Create(CultureInfo.InvariantCulture, $"{words} {partial} {(partial == 1 ? "does" : "do")} not count: measured under a part of the load that the target is for.");
    }

    /// <summary>Heading of the targets that are missed.</summary>
    public const string MissedTitle = "Targets that are missed";

    /// <summary>What the factors beside them are worth.</summary>
    public const string MissedIntroduction = "How much faster, or how much more, a machine would have to be, were the work spread evenly over what it has. Where the load generator shares the machine, less is needed.";

    /// <summary>How the figures come about, a line each.</summary>
    public static IReadOnlyList<string> Method { get; } =
    [
        "Response times count from when a request was due (a fixed rate, whatever the server does), so a stall is felt by all that came in it. Throughput is what users get who each wait for their answer and ask again at once.",
        "The load generator runs on the machine that is measured, unless another is named: each takes from the other, rates are lower bounds and times upper ones.",
        "A target is a wish for a machine that is sized for it. The column beside it is the median by the target: a time meets it up to 1, a throughput from 1 on. Where the service could not take the load that is wished for, response times are of half of what it took: the ratio is told, and a target that is met then is not counted as met.",
        "In the embedded installation, gateway, model service, evaluation pipeline, stores and file processing are one process; its resources are told for the time in which each of them was under load. Processor time is in cores; memory is the most that was in RAM; storage is what reached or left disks; network is what the load generator sent and received.",
        "Inference of registered models is over HTTP, one request after the other, no input twice, and its memory what the process gained in RAM by one such request. Shapes are graphs of true shape with random weights, run in the bench's own process on texts of one length, and their memory is what the process gained by loading and running them.",
        "Quality is read from the newest evaluation of each model on each dataset: precision, recall and F1 are macro averages over classes, or of whole entities; accuracy of entities is that of their tokens.",
    ];

    /// <summary>What a comparison found.</summary>
    /// <param name="comparison">The comparison.</param>
    public static string Verdict(BenchComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        var (worse, better) = (comparison.Regressions.Count(), comparison.Improvements.Count());
        var missing = comparison.Missing.Count > 0 ? string.Create(CultureInfo.InvariantCulture, $"{comparison.Missing.Count} missing, ") : string.Empty;
        var doubt = comparison.Decides || worse + comparison.Missing.Count == 0 ? string.Empty : " The tables differ in machine, build or settings, so times do not decide.";
        return string.Create(CultureInfo.InvariantCulture, $"{(worse == 0 ? "No regression beyond noise" : worse == 1 ? "1 regression beyond noise" : $"{worse} regressions beyond noise")}; {missing}{better} better, {comparison.Changes.Count - worse - better} the same, {comparison.Unmatched} not compared.{doubt}");
    }

    /// <summary>The rule of a comparison.</summary>
    /// <param name="comparison">The comparison.</param>
    public static string Rule(BenchComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        return string.Create(CultureInfo.InvariantCulture, $"A figure is worse where its best round is worse than the earlier table's worst round by more than {comparison.Tolerance * 100:0.#} %; in {BenchComparison.FewestRounds} rounds or more of both; quality where it fell by more than {BenchComparison.QualityTolerance * 100:0.#} percentage points on the same records.");
    }

    /// <summary>One changed figure.</summary>
    /// <param name="change">The change.</param>
    public static string Change(BenchChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var (before, after, unit) = (change.Before, change.After, change.After.Figure.Unit);
        var share = change.Share is { } by ? string.Create(CultureInfo.InvariantCulture, $", {by * 100:+0;-0;0} %") : string.Empty;
        return $"{after.Figure.Id}: {BenchNumbers.Text(before.Median, unit)} → {BenchNumbers.Text(after.Median, unit)}{share} (rounds: {Rounds(before)} → {Rounds(after)})";

        string Rounds(BenchRow row) => BenchNumbers.Spread(row) is { Length: > 0 } spread ? spread : BenchNumbers.Text(row.Median, unit);
    }

    /// <summary>One missing figure.</summary>
    /// <param name="row">As it was in the earlier table.</param>
    public static string Missing(BenchRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return $"{row.Figure.Id}: {BenchNumbers.Text(row.Median, row.Figure.Unit)} before, not measured now";
    }

    /// <summary>The machine in one line.</summary>
    /// <param name="table">The table.</param>
    public static string Machine(BenchTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var machine = table.Machine;
        return string.Create(CultureInfo.InvariantCulture, $"{machine.Processor}, {machine.Cores} core{(machine.Cores == 1 ? string.Empty : "s")}, {machine.MemoryBytes / 1e9:0} GB, {machine.OperatingSystem}; {machine.Runtime}, ONNX Runtime {machine.OnnxRuntime} ({machine.ExecutionProvider}), huge pages {machine.HugePages}{(table.Build is null or "Release" ? string.Empty : $"; {table.Build} build")}");
    }
}
