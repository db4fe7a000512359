using System.Globalization;
using AiAssignments.Bench.Running;
using AiAssignments.Bench.Table;

namespace AiAssignments.Bench.Steps;

/// <summary>The figures that a model has at a batch size, wherever it runs.</summary>
internal static class BenchModels
{
    public static IReadOnlyList<int> Batches { get; } = [1, 8, 16];

    /// <param name="context">Where to.</param>
    /// <param name="id">First part of the ids: <c>model.NAME</c>, <c>shape.NAME</c>.</param>
    /// <param name="subject">Name of the model for a person.</param>
    /// <param name="batch">Inputs of a request or run.</param>
    /// <param name="average">Milliseconds of one.</param>
    /// <param name="p95">95th percentile of them.</param>
    /// <param name="samples">How many there were.</param>
    /// <param name="bytes">What the process gained by it in RAM; <c>null</c>: not measured.</param>
    public static void Add(BenchContext context, string id, string subject, int batch, double average, double p95, long samples, double? bytes)
    {
        var row = string.Create(CultureInfo.InvariantCulture, $"{subject}, batch {batch}");
        BenchFigure Figure(string name, string unit, BenchDirection better) =>
            new(string.Create(CultureInfo.InvariantCulture, $"{id}.batch-{batch}.{name.Replace('/', '-').Replace("-s", "-per-second", StringComparison.Ordinal)}"), BenchSection.Models, row, name, unit, better);

        var conditions = new BenchConditions(Samples: samples);
        context.Add(Figure("average", "ms", BenchDirection.Lower), average, conditions);
        context.Add(Figure("p95", "ms", BenchDirection.Lower), Percentiles.P95(p95, samples), conditions);

        // The average the other way round, for the eye: judged once, there.
        context.Add(Figure("inputs/s", "/s", BenchDirection.Neither), batch * 1000 / Math.Max(average, 1e-6), conditions);
        context.Add(Figure("memory", "MB", BenchDirection.Neither), bytes / 1e6);
    }
}
