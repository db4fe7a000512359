using AiAssignments.Core.Errors;

namespace AiAssignments.Embedded.Live;

/// <summary>Limits of the progress sockets.</summary>
public sealed record ProgressHubOptions
{
    /// <summary>Most messages of one job a second; its last state is always sent. 1 to 1000, default 20.</summary>
    public int MessagesPerSecond { get; init; } = 20;

    /// <summary>Most clients. 1 to 100,000, default 1000.</summary>
    public int MaxClients { get; init; } = 1000;

    /// <summary>Most sockets of one user at once, so that no one takes all places. Not counted where nobody was asked for a name. 1 to 100,000, default 100.</summary>
    public int MaxClientsPerUser { get; init; } = 100;

    /// <summary>How old a socket gets. Then it is closed, and the client negotiates anew, which it can only with a key that is still good. Each lives up to a tenth shorter, so that many do not end at once. 1 s to 1 day, default 1 h.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Most groups that a client is in. 1 to 10,000, default 100.</summary>
    public int MaxGroups { get; init; } = 100;

    /// <summary>Largest message that a client may send, bytes. 256 to 1,048,576 (what Web PubSub takes), default 32 KiB.</summary>
    public int MaxMessageBytes { get; init; } = 32 << 10;

    /// <summary>Messages that wait for one client. Beyond them, progress of a job that waits already is replaced by the newest. 8 to 65,536, default 256.</summary>
    public int QueueCapacity { get; init; } = 256;

    /// <summary>How long a client's queue may stay full, or one send go on, before the client is dropped. More than zero, default 5 s.</summary>
    public TimeSpan SlowClientLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a client may take to answer a closing frame. Default 2 s.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Silence after which a client is pinged, and how long the answer may take. More than zero, default 15 s.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Jobs that ended and whose last state is kept in memory. 0 to 100,000, default 200; older ones are asked of the status source.</summary>
    public int EndedJobs { get; init; } = 200;

    /// <summary>How long a negotiated URL can be used to connect. 1 s to 1 h, default 5 min.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromMinutes(5);

    internal void Check()
    {
        Range(nameof(MessagesPerSecond), MessagesPerSecond, 1, 1000);
        Range(nameof(MaxClients), MaxClients, 1, 100_000);
        Range(nameof(MaxClientsPerUser), MaxClientsPerUser, 1, 100_000);
        Range(nameof(MaxAge), MaxAge.TotalSeconds, 1, 86_400);
        Range(nameof(MaxGroups), MaxGroups, 1, 10_000);
        Range(nameof(MaxMessageBytes), MaxMessageBytes, 256, 1 << 20);
        Range(nameof(QueueCapacity), QueueCapacity, 8, 65_536);
        Range(nameof(EndedJobs), EndedJobs, 0, 100_000);
        Range(nameof(SlowClientLimit), SlowClientLimit.TotalSeconds, 0.001, 3600);
        Range(nameof(CloseTimeout), CloseTimeout.TotalSeconds, 0.001, 60);
        Range(nameof(KeepAlive), KeepAlive.TotalSeconds, 0.1, 3600);
        Range(nameof(TokenLifetime), TokenLifetime.TotalSeconds, 1, 3600);
    }

    private static void Range(string name, double value, double least, double most)
    {
        if (!(value >= least && value <= most))
        {
            throw new ProblemException("option-out-of-range", FormattableString.Invariant($"{name} is {value}; it must lie between {least} and {most}."));
        }
    }
}
