namespace AiAssignments.LoadTesting.Measuring;

/// <summary>Batch means of the latency; see <see cref="StabilityRule"/>.</summary>
/// <param name="rule">What stable means; <c>null</c>: never.</param>
internal sealed class BatchMeans(StabilityRule? rule)
{
    private const int Least = 10;
    private const int Most = 20;

    // Student's t, 97.5 %, for 9 to 19 degrees of freedom (any table of it, for example NIST/SEMATECH e-Handbook 1.3.6.7.2).
    private static readonly double[] Student = [2.262157, 2.228139, 2.200985, 2.178813, 2.160369, 2.144787, 2.131450, 2.119905, 2.109816, 2.100922, 2.093024];

    private readonly List<Distribution> batches = [];
    private Distribution current = new();
    private int seconds;

    /// <summary>Seconds of a batch.</summary>
    public int BatchSeconds { get; private set; } = 1;

    /// <summary>Takes the latencies of a second.</summary>
    public void Add(Distribution second)
    {
        current.Add(second);
        if (++seconds < BatchSeconds)
        {
            return;
        }

        batches.Add(current);
        (current, seconds) = (new Distribution(), 0);
        if (batches.Count < Most)
        {
            return;
        }

        for (var i = 0; i < Most / 2; i++)
        {
            batches[i].Add(batches[i + 1]);
            batches.RemoveAt(i + 1);
        }

        BatchSeconds *= 2;
    }

    /// <summary>What is known so far.</summary>
    public StabilityFigures Figures()
    {
        if (batches.Count < Least)
        {
            return new StabilityFigures(false, batches.Count, BatchSeconds, null, null);
        }

        var mean = HalfWidth([.. batches.Select(batch => batch.Mean)]);
        var p99 = HalfWidth([.. batches.Select(batch => (double)batch.Percentile(99))]);
        var stable = rule is not null && mean <= rule.Mean && p99 <= rule.P99 && batches.TrueForAll(batch => batch.Count >= rule.LeastRequests);
        return new StabilityFigures(stable, batches.Count, BatchSeconds, mean, p99);
    }

    // Of a share of the mean; null when there is nothing to be a share of.
    private static double? HalfWidth(double[] values)
    {
        var mean = values.Average();
        if (mean <= 0)
        {
            return null;
        }

        var variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
        return Student[values.Length - Least] * Math.Sqrt(variance / values.Length) / mean;
    }
}
