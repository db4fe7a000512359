using System.Globalization;

namespace AiAssignments.Evaluation.Reports.Charts;

/// <summary>Maps values to user units along an axis.</summary>
/// <param name="From">Value at <paramref name="Start"/>.</param>
/// <param name="To">Value at <paramref name="End"/>.</param>
/// <param name="Start">Coordinate of <paramref name="From"/>.</param>
/// <param name="End">Coordinate of <paramref name="To"/>.</param>
/// <param name="Logarithmic">Equal ratios are equal lengths; both values must be positive.</param>
internal readonly record struct Scale(double From, double To, double Start, double End, bool Logarithmic = false)
{
    /// <summary>Where a value lies; what is outside is drawn at the edge.</summary>
    public double At(double value)
    {
        var share = Logarithmic
            ? Math.Log(Math.Max(value, From) / From) / Math.Log(To / From)
            : (value - From) / (To - From);
        return Start + (Math.Clamp(double.IsFinite(share) ? share : 0, 0, 1) * (End - Start));
    }

    /// <summary>Round values (1, 2 or 5 times a power of ten) inside the axis, at most about <paramref name="count"/>.</summary>
    public IReadOnlyList<double> Ticks(int count)
    {
        var ticks = new List<double>();
        if (Logarithmic)
        {
            for (var power = Math.Floor(Math.Log10(From)); power <= Math.Ceiling(Math.Log10(To)); power++)
            {
                foreach (var digit in (ReadOnlySpan<double>)[1, 2, 5])
                {
                    var value = digit * Math.Pow(10, power);
                    if (value >= From * 0.999999 && value <= To * 1.000001)
                    {
                        ticks.Add(value);
                    }
                }
            }

            return ticks.Count > count ? [.. ticks.Where((_, i) => i % ((ticks.Count / count) + 1) == 0)] : ticks;
        }

        var step = Step((To - From) / Math.Max(1, count));
        for (var i = Math.Ceiling((From / step) - 1e-9); i * step <= To + (step * 1e-9); i++)
        {
            // Adding zero makes a negative zero positive, which would print with a sign.
            ticks.Add((i * step) + 0.0);
        }

        return ticks;
    }

    /// <summary>The least round step (1, 2, 2.5 or 5 times a power of ten) that is not under <paramref name="least"/>.</summary>
    public static double Step(double least)
    {
        if (!(least > 0) || !double.IsFinite(least))
        {
            return 1;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        foreach (var digit in (ReadOnlySpan<double>)[1, 2, 2.5, 5])
        {
            if (digit * power >= least * (1 - 1e-9))
            {
                return digit * power;
            }
        }

        return 10 * power;
    }

    /// <summary>A tick's text: as many decimals as it needs, grouped.</summary>
    public static string Label(double value) =>
        (Math.Abs(value) < 1e-12 ? 0 : value).ToString("#,0.######", CultureInfo.InvariantCulture).Replace('-', '\u2212');
}
