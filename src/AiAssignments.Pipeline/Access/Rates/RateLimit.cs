using System.Globalization;
using AiAssignments.Core.Errors;

namespace AiAssignments.Pipeline.Access.Rates;

/// <summary>A token bucket: it holds <paramref name="Burst"/> requests and refills at <paramref name="PerSecond"/>.</summary>
/// <param name="PerSecond">Requests a second, 0.001 to 1,000,000.</param>
/// <param name="Burst">Requests at once, 1 to 10,000,000.</param>
public sealed record RateLimit(double PerSecond, int Burst)
{
    /// <summary>Checks the ranges.</summary>
    /// <param name="setting">Name of the setting, for the message.</param>
    /// <exception cref="ProblemException"><c>option-invalid</c>.</exception>
    public RateLimit Checked(string setting) => PerSecond is >= 0.001 and <= 1e6 && Burst is >= 1 and <= 10_000_000
        ? this
        : throw new ProblemException("option-invalid", string.Create(CultureInfo.InvariantCulture, $"{setting} is {PerSecond} requests/s with {Burst} at once; 0.001 to 1,000,000 and 1 to 10,000,000 are allowed."));
}
