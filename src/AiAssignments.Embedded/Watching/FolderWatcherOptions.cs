namespace AiAssignments.Embedded.Watching;

/// <summary>Settings of <see cref="FolderWatcher"/>.</summary>
public sealed record FolderWatcherOptions
{
    /// <summary>Time between two looks at the folder. Default 2 s.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Time after which a change that the system reports is looked at, and after which the look is repeated to see whether it is over. Default 250 ms; never longer than <see cref="PollInterval"/>.</summary>
    public TimeSpan SettleInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Let the system report changes; without, only the polling finds them. Default <c>true</c>.</summary>
    public bool Notifications { get; init; } = true;
}
