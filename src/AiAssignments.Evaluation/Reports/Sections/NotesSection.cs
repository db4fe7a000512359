using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports.Sections;

/// <summary>What a reader should know, and how the figures are made.</summary>
internal static class NotesSection
{
    /// <summary>The convention for undefined metrics.</summary>
    public const string UndefinedNote = "Undefined: the metric divides zero by zero, for example the precision of a class that was never predicted. It counts as zero in averages, the convention of scikit-learn’s zero_division=0.";

    public static void Write(ReportPage page, IReadOnlyList<string> notes, EvaluationResult result)
    {
        page.Html.Write($"<ul class=\"notes\">\n");
        foreach (var note in notes)
        {
            page.Html.Write($"<li><bdi>{note}</bdi></li>\n");
        }

        foreach (var note in Methods(result))
        {
            page.Html.Write($"<li>{note}</li>\n");
        }

        if (page.ShowsUndefined)
        {
            page.Html.Write($"<li id=\"undefined\">† {UndefinedNote}</li>\n");
        }

        page.Html.Write($"</ul>\n");
    }

    /// <summary>How the figures that occur were made.</summary>
    public static IEnumerable<string> Methods(EvaluationResult result)
    {
        var level = Figures.Level(result.Options.Confidence);
        yield return $"Intervals of proportions (accuracy, precision, recall, slices) are Wilson’s score intervals at {level}; intervals of F1 and of the correlations come from {Figures.Count(result.Options.BootstrapSamples, "bootstrap resample")} with seed {result.Options.Seed}.";
        if (result.Classification is not null)
        {
            yield return "Confidence is the largest of the model’s probabilities. Calibration error is the mean distance of confidence from accuracy over bins of equal width, weighted by their records (Guo et al. 2017).";
        }

        if (result.Entities is { } entities)
        {
            yield return $"An entity is right when its boundaries and its type are. Gold tags were read as {entities.Scheme} and matched in the mode {entities.Mode}.";
        }
    }
}
