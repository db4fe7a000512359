using AiAssignments.Core.Errors;
using AiAssignments.Inference.Protocol.Wire;

namespace AiAssignments.Pipeline.Remote;

/// <summary>How inference servers are called.</summary>
public sealed record RemoteOptions
{
    /// <summary>Base addresses of the servers, for example <c>http://10.0.0.4:8000</c>; 1 to 256, each once.</summary>
    public required IReadOnlyList<Uri> Servers { get; init; }

    /// <summary>Sent as <c>X-API-Key</c>; <c>null</c> for none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>A request's longest wait until its inference begins, over all attempts, when it says none; above 0. Default 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time that inference itself and the way back may take after that; above 0. Default 60 s.</summary>
    public TimeSpan RunLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Most attempts of one request, the first included, 1..16. Default 6.</summary>
    public int Attempts { get; init; } = 6;

    /// <summary>Wait before the servers are gone through once more, doubled each time, up to half of it random; above 0. Default 50 ms.</summary>
    public TimeSpan RoundDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Connection failures in a row after which a server is left out, 1 or more. Default 1: a dead server has nothing outstanding, and would draw every request.</summary>
    public int EjectAfter { get; init; } = 1;

    /// <summary>How long a server is left out the first time; doubled each time up to <see cref="EjectAtMost"/>; above 0. Default 1 s.</summary>
    public TimeSpan EjectFor { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest time that a server is left out. Default 30 s.</summary>
    public TimeSpan EjectAtMost { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time between health checks of a server; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for none. Default 1 s.</summary>
    public TimeSpan HealthInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a health check may take. Default 2 s.</summary>
    public TimeSpan HealthTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Unanswered health checks in a row after which a server is taken for dead: it gets no more requests, and those that wait for it go to another. Default 3.
    /// A check that is answered with not ready takes the server out at once and leaves its requests alone.
    /// </summary>
    public int HealthFailures { get; init; } = 3;

    /// <summary>A second attempt beside a slow first one; <c>null</c>, the default: none.</summary>
    public HedgingOptions? Hedging { get; init; }

    /// <summary>What an answer may cost.</summary>
    public ProtocolLimits Limits { get; init; } = ProtocolLimits.Default with { BodyBytes = 256 << 20 };

    /// <summary>The clock. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Seed of the random parts of waits. Default 0.</summary>
    public int Seed { get; init; }

    /// <summary>Checks the options.</summary>
    /// <exception cref="ProblemException"><c>option-invalid</c>: names the option and what is allowed.</exception>
    internal RemoteOptions Checked()
    {
        Need(Servers.Count is >= 1 and <= 256, nameof(Servers), "1 to 256 addresses");
        Need(Servers.All(server => server.IsAbsoluteUri && server.Scheme is "http" or "https"), nameof(Servers), "addresses like http://10.0.0.4:8000");
        Need(Servers.Distinct().Count() == Servers.Count, nameof(Servers), "addresses, each once");
        Need(Timeout > TimeSpan.Zero, nameof(Timeout), "above 0");
        Need(RunLimit > TimeSpan.Zero, nameof(RunLimit), "above 0");
        Need(Attempts is >= 1 and <= 16, nameof(Attempts), "1 to 16");
        Need(RoundDelay > TimeSpan.Zero, nameof(RoundDelay), "above 0");
        Need(EjectAfter >= 1, nameof(EjectAfter), "1 or more");
        Need(EjectFor > TimeSpan.Zero && EjectAtMost >= EjectFor, nameof(EjectFor), "above 0 and at most EjectAtMost");
        Need(HealthInterval > TimeSpan.Zero || HealthInterval == System.Threading.Timeout.InfiniteTimeSpan, nameof(HealthInterval), "above 0, or infinite");
        Need(HealthTimeout > TimeSpan.Zero, nameof(HealthTimeout), "above 0");
        Need(HealthFailures >= 1, nameof(HealthFailures), "1 or more");
        Need(Hedging is null or { Percentile: >= 0.5 and < 1, Share: > 0 and <= 1 }, nameof(Hedging), "a percentile from 0.5 to below 1, and a share above 0 to 1");
        return this;
    }

    private static void Need(bool holds, string name, string what)
    {
        if (!holds)
        {
            throw new ProblemException("option-invalid", $"{name} of the inference servers must be {what}.");
        }
    }
}
