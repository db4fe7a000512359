using AiAssignments.LoadTesting.Arrivals;

namespace AiAssignments.LoadTesting;

/// <summary>Who decides when the next request is sent.</summary>
public abstract record LoadModel;

/// <summary>Users who each wait for the answer before they ask again: the load gives way to a slow server, so a stall is felt by at most as many requests as there are users.</summary>
/// <param name="Users">How many; each has a connection (or a stream) of its own.</param>
/// <param name="Think">Pause between an answer and the next request.</param>
public sealed record ClosedModel(int Users, TimeSpan Think = default) : LoadModel;

/// <summary>Requests that come when they are due, whatever the server does, as those of many strangers do.</summary>
/// <param name="Arrivals">Makes the due times, from the start; a new one for every run.</param>
/// <param name="HighestRate">The highest rate of them, requests a second; for limits and reports.</param>
/// <param name="Name">For reports: <c>constant</c>, <c>poisson</c>, <c>ramp</c>, <c>spike</c>, <c>trace</c>.</param>
/// <param name="Steady">Whether the rate is the same all the time, so that an estimate can become stable.</param>
public sealed record OpenModel(Func<IArrivals> Arrivals, double HighestRate, string Name, bool Steady) : LoadModel
{
    /// <summary>A constant rate, evenly spaced.</summary>
    /// <param name="rate">Requests a second.</param>
    public static OpenModel Constant(double rate) => Of(RateProfile.Constant(rate), null, TimeSpan.Zero);

    /// <summary>The rate of a profile.</summary>
    /// <param name="profile">Rate over time.</param>
    /// <param name="poissonSeed">Seed of random spacing; <c>null</c>: even.</param>
    /// <param name="warmUp">Time before the profile begins; see <see cref="RateProfile.After"/>.</param>
    public static OpenModel Of(RateProfile profile, ulong? poissonSeed, TimeSpan warmUp)
    {
        ArgumentNullException.ThrowIfNull(profile);
        var whole = profile.After(warmUp);
        var name = poissonSeed is null ? profile.Name : profile.Name == "constant" ? "poisson" : $"{profile.Name}, poisson";
        return new OpenModel(() => new ProfileArrivals(whole, poissonSeed), profile.Highest, name, profile.Name == "constant");
    }
}
