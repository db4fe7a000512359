using AiAssignments.Evaluation.Reports.Html;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports.Charts;

/// <summary>Validation accuracy over epochs, a line for each seed; the training loss where no accuracy was measured.</summary>
internal static class LearningChart
{
    /// <summary>Draws it; needs one point or more.</summary>
    public static void Draw(HtmlWriter html, IReadOnlyList<LearningPoint> points, string title)
    {
        var accuracies = points.Any(point => point.ValidationAccuracy is not null);
        double? ValueOf(LearningPoint point) => accuracies ? point.ValidationAccuracy : point.TrainingLoss;
        var known = points.Where(point => ValueOf(point) is not null).ToList();
        var (least, most) = (known.Min(point => ValueOf(point)!.Value), known.Max(point => ValueOf(point)!.Value));
        var margin = Math.Max(1e-3, (most - least) * 0.1);
        var x = new Scale(1, Math.Max(2, known.Max(point => point.Epoch)), 56, 520);
        var y = new Scale(Math.Max(0, least - margin), accuracies ? Math.Min(1, most + margin) : most + margin, 232, 20);
        var best = known.MaxBy(point => accuracies ? point.ValidationAccuracy : -point.TrainingLoss)!;
        using var frame = new ChartFrame(html, 536, 276, title, $"{known.Count} epochs; the {(accuracies ? "highest" : "lowest")} is epoch {best.Epoch} of seed {best.Seed}.");
        foreach (var tick in y.Ticks(4))
        {
            html.Write($"<line class=\"grid\" x1=\"56\" x2=\"520\" y1=\"{y.At(tick)}\" y2=\"{y.At(tick)}\"/><text class=\"t\" x=\"50\" y=\"{y.At(tick) + 4}\" text-anchor=\"end\">{Scale.Label(tick)}</text>");
        }

        foreach (var tick in x.Ticks(6))
        {
            html.Write($"<text class=\"t\" x=\"{x.At(tick)}\" y=\"248\" text-anchor=\"middle\">{Scale.Label(tick)}</text>");
        }

        foreach (var seed in known.GroupBy(point => point.Seed))
        {
            html.Write($"\n<path class=\"lr\" d=\"");
            var first = true;
            foreach (var point in seed.OrderBy(point => point.Epoch))
            {
                html.Write($"{(first ? "M" : "L")}{x.At(point.Epoch)} {y.At(ValueOf(point)!.Value)}");
                first = false;
            }

            html.Write($"\"/>");
        }

        html.Write($"<circle class=\"right\" cx=\"{x.At(best.Epoch)}\" cy=\"{y.At(ValueOf(best)!.Value)}\" r=\"4\"/>");
        html.Write($"<text class=\"t\" x=\"56\" y=\"12\">{(accuracies ? "validation accuracy" : "training loss")}</text><text class=\"t\" x=\"288\" y=\"268\" text-anchor=\"middle\">epoch</text>\n");
    }
}
