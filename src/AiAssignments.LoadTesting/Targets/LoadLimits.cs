using AiAssignments.Core.Errors;

namespace AiAssignments.LoadTesting.Targets;

/// <summary>What no load test passes, however it is asked for.</summary>
/// <param name="Rate">Most requests a second that are offered.</param>
/// <param name="Duration">Longest test, warm-up included.</param>
/// <param name="Connections">Most connections (or streams) at one time.</param>
public sealed record LoadLimits(double Rate, TimeSpan Duration, int Connections)
{
    /// <summary>100,000 requests a second, one hour, 20,000 connections.</summary>
    public static LoadLimits Default { get; } = new(100_000, TimeSpan.FromHours(1), 20_000);

    /// <summary>Refuses what is past a limit.</summary>
    /// <param name="plan">What is asked for.</param>
    /// <exception cref="ProblemException"><c>load-limit</c>.</exception>
    public void Check(LoadPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.Duration <= TimeSpan.Zero || plan.WarmUp < TimeSpan.Zero || plan.Duration + plan.WarmUp > Duration)
        {
            throw new ProblemException("load-limit", $"The test and its warm-up together may last from above 0 to {Duration.TotalMinutes:N0} minutes.");
        }

        if (plan.Model is OpenModel { HighestRate: var rate } && rate > Rate)
        {
            throw new ProblemException("load-limit", $"{rate:N0} requests a second are asked for; at most {Rate:N0} are offered.");
        }

        if (plan.Timeout <= TimeSpan.Zero || plan.Timeout > TimeSpan.FromMinutes(10))
        {
            throw new ProblemException("load-limit", "A request's time limit must be above 0 and at most 10 minutes.");
        }

        var connections = plan.Model is ClosedModel closed ? closed.Users : plan.Connections ?? 1;
        if (connections < 1 || connections > Connections)
        {
            throw new ProblemException("load-limit", $"{connections:N0} users or connections are asked for; 1 to {Connections:N0} can be had.");
        }
    }
}
