namespace AiAssignments.LoadTesting.Measuring;

/// <summary>
/// When an estimate counts as stable: the half-widths of the 95 % confidence intervals of the mean and of the 99th percentile of the latency, by the method of batch means,
/// are within these shares of their estimates. The measured time is cut into 10 to 19 batches of equal length (1, 2, 4, … seconds: they are joined in pairs when there are 20,
/// so that they grow long enough to be independent); a half-width is Student's t times the batches' standard deviation over the root of their number.
/// </summary>
/// <param name="Mean">Largest relative half-width of the mean.</param>
/// <param name="P99">Largest relative half-width of the 99th percentile.</param>
/// <param name="LeastRequests">Fewest requests in a batch, so that its 99th percentile rests on ten or more.</param>
public sealed record StabilityRule(double Mean, double P99, long LeastRequests = 1_000)
{
    /// <summary>5 % for the mean, 10 % for the 99th percentile.</summary>
    public static StabilityRule Default { get; } = new(0.05, 0.10);
}
