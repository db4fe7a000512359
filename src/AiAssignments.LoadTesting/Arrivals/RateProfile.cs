using AiAssignments.Core.Errors;

namespace AiAssignments.LoadTesting.Arrivals;

/// <summary>How many requests a second are due, over time: straight stretches one after the other.</summary>
public sealed class RateProfile
{
    private RateProfile(string name, IReadOnlyList<RateSegment> segments)
    {
        Name = name;
        Segments = segments;
    }

    /// <summary><c>constant</c>, <c>ramp</c> or <c>spike</c>.</summary>
    public string Name { get; }

    /// <summary>The stretches, from the start.</summary>
    public IReadOnlyList<RateSegment> Segments { get; }

    /// <summary>The highest rate it reaches.</summary>
    public double Highest => Segments.Max(segment => Math.Max(segment.From, segment.To));

    /// <summary>The rate at the start.</summary>
    public double First => Segments[0].From;

    /// <summary>The same rate all the time.</summary>
    /// <param name="rate">Requests a second; more than 0.</param>
    /// <exception cref="ProblemException"><c>rate-invalid</c>.</exception>
    public static RateProfile Constant(double rate) => new("constant", [new(double.PositiveInfinity, Positive(rate), rate)]);

    /// <summary>A straight line from one rate to another, which then stays.</summary>
    /// <param name="from">Requests a second at the start; 0 or more.</param>
    /// <param name="to">Requests a second at its end; more than 0.</param>
    /// <param name="over">How long the line takes.</param>
    /// <exception cref="ProblemException"><c>rate-invalid</c>.</exception>
    public static RateProfile Ramp(double from, double to, TimeSpan over) =>
        new("ramp", [new(PositiveTime(over), from == 0 ? 0 : Positive(from), Positive(to)), new(double.PositiveInfinity, to, to)]);

    /// <summary>A constant rate with a higher one for a while.</summary>
    /// <param name="rate">Requests a second outside the spike.</param>
    /// <param name="spike">Requests a second in it.</param>
    /// <param name="at">When it begins.</param>
    /// <param name="length">How long it lasts.</param>
    /// <exception cref="ProblemException"><c>rate-invalid</c>.</exception>
    public static RateProfile Spike(double rate, double spike, TimeSpan at, TimeSpan length) =>
        new("spike", [new(PositiveTime(at), Positive(rate), rate), new(PositiveTime(length), Positive(spike), spike), new(double.PositiveInfinity, rate, rate)]);

    /// <summary>
    /// The same profile after a warm-up: half of it climbs from a tenth to the profile's first rate, half stays there. A client and a server that have yet to compile their code
    /// would else begin with a queue that is still there when the measured time begins.
    /// </summary>
    /// <param name="time">How long; not negative.</param>
    public RateProfile After(TimeSpan time)
    {
        if (time <= TimeSpan.Zero)
        {
            return this;
        }

        // A ramp from nothing is warmed up by what it comes to in its first tenth, or nothing would be warm.
        var rate = First > 0 ? First : Segments[0].To / 10;
        return new(Name, [new(time.TotalSeconds / 2, rate / 10, rate), new(time.TotalSeconds / 2, rate, rate), .. Segments]);
    }

    /// <summary>Requests due up to a time.</summary>
    /// <param name="seconds">Since the start.</param>
    public double Integral(double seconds)
    {
        double sum = 0;
        foreach (var segment in Segments)
        {
            if (seconds <= segment.Seconds)
            {
                return sum + segment.Integral(seconds);
            }

            sum += segment.Integral(segment.Seconds);
            seconds -= segment.Seconds;
        }

        return sum;
    }

    private static double Positive(double rate) => rate > 0 && double.IsFinite(rate)
        ? rate
        : throw new ProblemException("rate-invalid", "A rate must be a number of requests a second above 0.");

    private static double PositiveTime(TimeSpan time) => time > TimeSpan.Zero
        ? time.TotalSeconds
        : throw new ProblemException("rate-invalid", "A ramp's or spike's times must be longer than 0.");
}
