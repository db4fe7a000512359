using System.Globalization;
using AiAssignments.Evaluation.Reports;

namespace AiAssignments.Tests.Reports;

public sealed class PaletteTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Text_has_the_contrast_of_wcag_aa(bool dark)
    {
        var palette = dark ? Palette.Dark : Palette.Light;
        foreach (var color in new[] { palette.Ink, palette.Muted, palette.Right, palette.Wrong })
        {
            Assert.InRange(Contrast(Rgb(color), Rgb(palette.Paper)), 4.5, 21);
        }

        Assert.InRange(Contrast(Rgb(palette.Ink), Rgb(palette.Panel)), 4.5, 21);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Numbers_on_a_heat_map_can_be_read_at_every_step(bool dark)
    {
        var palette = dark ? Palette.Dark : Palette.Light;
        foreach (var heat in new[] { palette.HeatRight, palette.HeatWrong })
        {
            for (var step = 0; step < Palette.HeatSteps.Count; step++)
            {
                var ground = Mix(Rgb(heat), Rgb(palette.Panel), Palette.HeatSteps[step]);
                var text = Rgb(step >= Palette.FirstInverted ? palette.Paper : palette.Ink);
                Assert.True(Contrast(text, ground) >= 4.5, $"{heat} step {step}: {Contrast(text, ground):F2}");
            }
        }
    }

    [Theory]
    [InlineData(0.0001, 0)]
    [InlineData(0.1, 0)]
    [InlineData(0.5, 4)]
    [InlineData(1, 9)]
    public void Steps_cover_the_shares(double share, int step) => Assert.Equal(step, Palette.HeatStep(share));

    private static double[] Rgb(string hex) => [.. Enumerable.Range(0, 3).Select(i => int.Parse(hex.AsSpan(1 + (2 * i), 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0)];

    private static double[] Mix(double[] top, double[] ground, double opacity) => [.. top.Zip(ground, (a, b) => (a * opacity) + (b * (1 - opacity)))];

    // WCAG 2.2, "relative luminance" and "contrast ratio".
    private static double Contrast(double[] one, double[] two)
    {
        var (a, b) = (Luminance(one), Luminance(two));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(double[] rgb)
    {
        double Linear(double value) => value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        return (0.2126 * Linear(rgb[0])) + (0.7152 * Linear(rgb[1])) + (0.0722 * Linear(rgb[2]));
    }
}
