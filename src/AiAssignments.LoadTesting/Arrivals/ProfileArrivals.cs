using AiAssignments.Core.Randomness;

namespace AiAssignments.LoadTesting.Arrivals;

/// <summary>
/// Arrivals at the rate of a profile. The n-th is due when the profile's integral reaches n (even spacing), or the n-th point of a Poisson process
/// of rate one (random spacing): by the time-rescaling theorem that is a Poisson process of the profile's rate.
/// </summary>
/// <param name="profile">The rate over time.</param>
/// <param name="poissonSeed">Seed of random spacing; <c>null</c>: even.</param>
public sealed class ProfileArrivals(RateProfile profile, ulong? poissonSeed = null) : IArrivals
{
    private readonly Xoshiro256? random = poissonSeed is { } seed ? new(seed) : null;
    private double count = -1;
    private double before;
    private double beforeSeconds;
    private int segment;

    /// <inheritdoc />
    public bool TryNext(out long ticks)
    {
        if (random is null)
        {
            // Counted, not added up: no error grows.
            count++;
        }
        else
        {
            count = Math.Max(count, 0) - Math.Log(1 - ((random.Next() >> 11) * (1.0 / (1UL << 53))));
        }

        for (; segment < profile.Segments.Count; segment++)
        {
            var current = profile.Segments[segment];
            var whole = double.IsInfinity(current.Seconds) ? double.PositiveInfinity : current.Integral(current.Seconds);
            if (count - before < whole)
            {
                ticks = (long)Math.Round((beforeSeconds + current.TimeOf(count - before)) * TimeSpan.TicksPerSecond);
                return true;
            }

            before += whole;
            beforeSeconds += current.Seconds;
        }

        ticks = 0;
        return false;
    }
}
