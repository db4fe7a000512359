using AiAssignments.Core.Errors;

namespace AiAssignments.Pipeline.Caching;

/// <summary>How long answers are kept, how much memory they may take, and how long a shared level is waited for.</summary>
public sealed record CacheOptions
{
    /// <summary>How long a prediction is kept; more than 0, up to 30 days. Default 1 h.</summary>
    public TimeSpan PredictionLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a query's result is kept when nothing invalidates it; more than 0, up to 1 day. Default 5 min.</summary>
    public TimeSpan QueryLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Most memory of cached predictions in this process, bytes as estimated; 64 KiB to 64 GiB. Default 64 MiB.</summary>
    public long PredictionBytes { get; init; } = 64L << 20;

    /// <summary>Most documents in all query results kept in this process, each result counted as one more; 1 to 10,000,000. Default 20,000 (some 40 MB of model documents).</summary>
    public int QueryDocuments { get; init; } = 20_000;

    /// <summary>Longest wait for the shared level, after which the answer is made without it; 1 ms to 10 s. Default 100 ms.</summary>
    public TimeSpan SharedTimeout { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a shared level that failed is left alone; 0 to 10 min. Default 2 s.</summary>
    public TimeSpan SharedPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Throws when a setting is out of its range.</summary>
    /// <exception cref="ProblemException"><c>option-out-of-range</c>.</exception>
    public void Check()
    {
        Between(nameof(PredictionLifetime), PredictionLifetime, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(30));
        Between(nameof(QueryLifetime), QueryLifetime, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1));
        Between(nameof(PredictionBytes), PredictionBytes, 64L << 10, 64L << 30);
        Between(nameof(QueryDocuments), QueryDocuments, 1, 10_000_000);
        Between(nameof(SharedTimeout), SharedTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10));
        Between(nameof(SharedPause), SharedPause, TimeSpan.Zero, TimeSpan.FromMinutes(10));
    }

    private static void Between<T>(string name, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            throw new ProblemException("option-out-of-range", $"{name} is {value}; it must be {least} to {most}.", $"caches.{name}");
        }
    }
}
