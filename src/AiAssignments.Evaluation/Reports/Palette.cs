namespace AiAssignments.Evaluation.Reports;

/// <summary>
/// The report's colours. Right and wrong are a blue and an orange that stay apart for every common colour blindness (after Okabe and Ito 2008);
/// a test holds the contrast of every text on its ground to WCAG AA.
/// </summary>
/// <param name="Paper">Ground.</param>
/// <param name="Panel">Ground of what is set apart.</param>
/// <param name="Ink">Text.</param>
/// <param name="Muted">Secondary text.</param>
/// <param name="Rule">Lines and grids.</param>
/// <param name="Right">Right predictions, and the first of two.</param>
/// <param name="Wrong">Wrong predictions, and the second of two.</param>
/// <param name="HeatRight">Full colour of the diagonal of a confusion matrix.</param>
/// <param name="HeatWrong">Full colour of its other cells.</param>
internal sealed record Palette(string Paper, string Panel, string Ink, string Muted, string Rule, string Right, string Wrong, string HeatRight, string HeatWrong)
{
    /// <summary>On white paper.</summary>
    public static Palette Light { get; } = new("#fdfcfa", "#f4f2ed", "#1b2330", "#596273", "#dcd8cf", "#1d5d9f", "#b34a00", "#0b3f7d", "#8f3300");

    /// <summary>On a dark screen.</summary>
    public static Palette Dark { get; } = new("#14171d", "#1c2129", "#e8e6e1", "#a3abb8", "#363d49", "#74b3f0", "#f2a05f", "#7dbcf8", "#f7a868");

    /// <summary>Strength of the ten steps of a heat map. The gap in the middle is where neither text colour could be read.</summary>
    public static IReadOnlyList<double> HeatSteps { get; } = [0.07, 0.13, 0.19, 0.26, 0.33, 0.39, 0.45, 0.78, 0.89, 1];

    /// <summary>First step whose text is set in the paper's colour.</summary>
    public const int FirstInverted = 7;

    /// <summary>The step of a share (0 &lt; share &lt;= 1).</summary>
    public static int HeatStep(double share) => Math.Clamp((int)Math.Ceiling(share * HeatSteps.Count) - 1, 0, HeatSteps.Count - 1);

    /// <summary>The step of an error's share of its row. The root spreads what matters: most errors are a few percent.</summary>
    public static int ErrorStep(double share) => HeatStep(Math.Sqrt(share));

    /// <summary>The palette as CSS custom properties.</summary>
    public string ToCss() =>
        $"--paper:{Paper};--panel:{Panel};--ink:{Ink};--muted:{Muted};--rule:{Rule};--right:{Right};--wrong:{Wrong};--heat-right:{HeatRight};--heat-wrong:{HeatWrong};";
}
