using AiAssignments.Core.Errors;

namespace AiAssignments.Pipeline.Optimizations;

/// <summary>What an optimized version may lose and still be accepted.</summary>
/// <param name="MaxAccuracyDrop">
/// Largest loss of the headline metric (accuracy, or entity F1), 0..1. Default 0.01. Decided on the paired interval, not on the point: accepted when the
/// interval's lower end of new minus old is at or above its negative, so that a gate dataset too small to tell refuses.
/// </param>
/// <param name="Activate">Whether an accepted version becomes the active one of its name. Default <c>false</c>.</param>
/// <param name="MostAttempts">With a pass that can leave layers in float: most versions tried, 1..16. Default 6.</param>
public sealed record GateOptions(double MaxAccuracyDrop = 0.01, bool Activate = false, int MostAttempts = 6)
{
    internal void Check()
    {
        if (!(MaxAccuracyDrop is >= 0 and <= 1))
        {
            throw new ProblemException("option-out-of-range", FormattableString.Invariant($"The largest accuracy drop is {MaxAccuracyDrop}; it must be 0 to 1."));
        }

        if (MostAttempts is < 1 or > 16)
        {
            throw new ProblemException("option-out-of-range", FormattableString.Invariant($"The number of attempts is {MostAttempts}; it must be 1 to 16."));
        }
    }
}
