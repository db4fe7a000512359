namespace AiAssignments.LoadTesting.Arrivals;

/// <summary>A stretch of time in which the rate goes in a straight line from one value to another.</summary>
/// <param name="Seconds">How long; positive, may be infinite when both rates are the same.</param>
/// <param name="From">Requests a second at its start; 0 or more.</param>
/// <param name="To">Requests a second at its end.</param>
public readonly record struct RateSegment(double Seconds, double From, double To)
{
    /// <summary>Requests in the first <paramref name="seconds"/> of it: the integral of the rate.</summary>
    /// <param name="seconds">0 to <see cref="Seconds"/>.</param>
    public double Integral(double seconds) =>
        From == To ? From * seconds : (From * seconds) + ((To - From) * seconds * seconds / (2 * Seconds));

    /// <summary>When a number of requests is reached: the inverse of <see cref="Integral"/>.</summary>
    /// <param name="count">0 to the integral of the whole.</param>
    public double TimeOf(double count)
    {
        if (From == To)
        {
            return count / From;
        }

        // The root of slope/2 t² + From t - count, in the form that does not cancel when the slope is small.
        var slope = (To - From) / Seconds;
        var root = Math.Sqrt(Math.Max(0, (From * From) + (2 * slope * count)));
        return count == 0 ? 0 : 2 * count / (From + root);
    }
}
