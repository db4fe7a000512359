using AiAssignments.Core.Errors;
using AiAssignments.LoadTesting.Reports;
using AiAssignments.LoadTesting.Running;
using AiAssignments.LoadTesting.Transports;

namespace AiAssignments.LoadTesting;

/// <summary>Runs load tests.</summary>
public static class LoadTest
{
    /// <summary>Offers the load of a plan and measures what comes of it.</summary>
    /// <param name="plan">What to send where, and when.</param>
    /// <param name="observer">Is told how it goes; <c>null</c>: nobody.</param>
    /// <param name="cancellationToken">Ends it early; what was measured until then is the result.</param>
    /// <returns>The figures.</returns>
    /// <exception cref="ProblemException"><c>load-limit</c>, <c>header-invalid</c>, or <c>target-unreachable</c>: not one connection came about at the start.</exception>
    public static async Task<LoadReport> RunAsync(LoadPlan plan, ILoadObserver? observer = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        plan.Limits.Check(plan);
        var transport = LoadTransports.Create(plan);
        await using (transport.ConfigureAwait(false))
        {
            using var run = new LoadRun(plan, transport, TimeProvider.System, observer);
            return await run.RunAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
