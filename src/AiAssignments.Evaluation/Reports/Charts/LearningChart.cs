using AiAssignments.Evaluation.Reports.Html;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports.Charts;

/// <summary>
/// Validation accuracy over epochs, a line for each seed; the training loss where no accuracy was measured. The seed that was kept stands out; the others are told
/// apart by their dashes and by the label at their end.
/// </summary>
internal static class LearningChart
{
    private const double LabelHeight = 12;
    private const double Bottom = 228;
    private static readonly string[] Dashes = ["7 3", "2 2", "7 3 2 3", "12 4"];

    /// <summary>Draws it.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="points">One or more.</param>
    /// <param name="kept">The seed that was kept; <c>null</c> for that of the best epoch.</param>
    /// <param name="title">Title.</param>
    public static void Draw(HtmlWriter html, IReadOnlyList<LearningPoint> points, int? kept, string title)
    {
        var accuracies = points.Any(point => point.ValidationAccuracy is not null);
        double? ValueOf(LearningPoint point) => accuracies ? point.ValidationAccuracy : point.TrainingLoss;
        var known = points.Where(point => ValueOf(point) is not null).ToList();
        var isSeveral = known.Select(point => point.Seed).Distinct().Skip(1).Any();
        var (least, most) = (known.Min(point => ValueOf(point)!.Value), known.Max(point => ValueOf(point)!.Value));
        var margin = Math.Max(1e-3, (most - least) * 0.1);
        var x = new Scale(1, Math.Max(2, known.Max(point => point.Epoch)), 56, isSeveral ? 478 : 520);
        var y = new Scale(Math.Max(0, least - margin), accuracies ? Math.Min(1, most + margin) : most + margin, 232, 20);
        var best = known.Where(point => point.Seed == kept).DefaultIfEmpty(known.MaxBy(point => accuracies ? point.ValidationAccuracy : -point.TrainingLoss)!).MaxBy(point => accuracies ? point.ValidationAccuracy : -point.TrainingLoss)!;
        using var frame = new ChartFrame(html, 536, 276, title, $"{known.Count} epochs; the {(accuracies ? "highest" : "lowest")} of seed {best.Seed}{(isSeveral ? ", which was kept," : string.Empty)} is epoch {best.Epoch}.");
        foreach (var tick in y.Ticks(4))
        {
            html.Write($"<line class=\"grid\" x1=\"56\" x2=\"520\" y1=\"{y.At(tick)}\" y2=\"{y.At(tick)}\"/><text class=\"t\" x=\"50\" y=\"{y.At(tick) + 4}\" text-anchor=\"end\">{Scale.Label(tick)}</text>");
        }

        foreach (var tick in x.Ticks(6))
        {
            html.Write($"<text class=\"t\" x=\"{x.At(tick)}\" y=\"248\" text-anchor=\"middle\">{Scale.Label(tick)}</text>");
        }

        var seeds = known.GroupBy(point => point.Seed).OrderBy(seed => seed.Key).ToList();
        foreach (var (index, seed) in seeds.Where(seed => seed.Key != best.Seed).Append(seeds.First(seed => seed.Key == best.Seed)).Index())
        {
            html.Write($"\n<path class=\"{(seed.Key == best.Seed ? "lr" : "lo")}\" stroke-dasharray=\"{(seed.Key == best.Seed ? "none" : Dashes[index % Dashes.Length])}\" d=\"");
            var first = true;
            foreach (var point in seed.OrderBy(point => point.Epoch))
            {
                html.Write($"{(first ? "M" : "L")}{x.At(point.Epoch)} {y.At(ValueOf(point)!.Value)}");
                first = false;
            }

            html.Write($"\"><title>seed {seed.Key}</title></path>");
        }

        if (isSeveral)
        {
            Label(html, [.. seeds.Select(seed => seed.MaxBy(point => point.Epoch)!).Select(last => (last.Seed, x.At(last.Epoch), y.At(ValueOf(last)!.Value)))], best.Seed);
        }

        html.Write($"<circle class=\"right\" cx=\"{x.At(best.Epoch)}\" cy=\"{y.At(ValueOf(best)!.Value)}\" r=\"4\"/>");
        html.Write($"<text class=\"t\" x=\"56\" y=\"12\">{(accuracies ? "validation accuracy" : "training loss")}</text><text class=\"t\" x=\"288\" y=\"268\" text-anchor=\"middle\">epoch</text>\n");
    }

    // At the end of each line, moved apart from each other, downwards first and up again from the axis: as many as there may be seeds (16) have room.
    private static void Label(HtmlWriter html, List<(int Seed, double X, double Y)> ends, int kept)
    {
        var sorted = ends.OrderBy(end => end.Y).ToList();
        var places = new double[sorted.Count];
        for (var at = 0; at < places.Length; at++)
        {
            places[at] = Math.Max(sorted[at].Y + 4, at == 0 ? 0 : places[at - 1] + LabelHeight);
        }

        for (var at = places.Length - 1; at >= 0; at--)
        {
            places[at] = Math.Min(places[at], at == places.Length - 1 ? Bottom : places[at + 1] - LabelHeight);
            html.Write($"\n<text class=\"{(sorted[at].Seed == kept ? "s b halo" : "s halo")}\" x=\"{sorted[at].X + 6}\" y=\"{places[at]}\">seed {sorted[at].Seed}</text>");
        }
    }
}
