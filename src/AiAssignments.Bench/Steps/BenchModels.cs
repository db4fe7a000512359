using System.Globalization;
using AiAssignments.Bench.Running;
using AiAssignments.Bench.Table;

namespace AiAssignments.Bench.Steps;

/// <summary>The figures that a model has at a batch size, wherever it runs.</summary>
internal static class BenchModels
{
    public static IReadOnlyList<int> Batches { get; } = [1, 8, 16];

    /// <param name="context">Where to.</param>
    /// <param name="id">Name of the model in ids.</param>
    /// <param name="subject">Name of the model for a person.</param>
    /// <param name="batch">Inputs of a request or run.</param>
    /// <param name="average">Milliseconds of one.</param>
    /// <param name="p95">95th percentile of them.</param>
    /// <param name="bytes">Most memory in RAM of the process meanwhile, or what the process gained by it; <c>null</c>: not measured.</param>
    public static void Add(BenchContext context, string id, string subject, int batch, double average, double p95, double? bytes)
    {
        var row = string.Create(CultureInfo.InvariantCulture, $"{subject}, batch {batch}");
        BenchFigure Figure(string name, string unit, BenchDirection better) =>
            new(string.Create(CultureInfo.InvariantCulture, $"model.{id}.batch-{batch}.{name.Replace('/', '-').Replace("-s", "-per-second", StringComparison.Ordinal)}"), BenchSection.Models, row, name, unit, better);

        context.Add(Figure("average", "ms", BenchDirection.Lower), average);
        context.Add(Figure("p95", "ms", BenchDirection.Lower), p95);
        context.Add(Figure("inputs/s", "/s", BenchDirection.Higher), batch * 1000 / Math.Max(average, 1e-6));
        context.Add(Figure("memory", "MB", BenchDirection.Neither), bytes / 1e6);
    }
}
