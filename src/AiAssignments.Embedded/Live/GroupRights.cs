using AiAssignments.Core.Jobs;

namespace AiAssignments.Embedded.Live;

/// <summary>Which groups a socket may join, by the names of Web PubSub's roles: <c>webpubsub.joinLeaveGroup.NAME</c> for one, <c>webpubsub.joinLeaveGroups.PREFIX*</c> for many.</summary>
internal static class GroupRights
{
    private const string One = "webpubsub.joinLeaveGroup.";
    private const string Many = "webpubsub.joinLeaveGroups.";

    /// <summary>What a negotiated token allows: everyone who may look may look at all jobs and at the metrics.</summary>
    public static IReadOnlyList<string> Watcher { get; } =
    [
        One + ProgressGroups.Jobs,
        One + ProgressGroups.Metrics,
        Many + ProgressGroups.Job("*"),
    ];

    public static bool MayJoin(SocketTicket ticket, string group)
    {
        foreach (var role in ticket.Roles)
        {
            if (role.StartsWith(Many, StringComparison.Ordinal)
                ? role[^1] == '*' && group.Length >= role.Length - Many.Length && group.AsSpan().StartsWith(role.AsSpan(Many.Length, role.Length - Many.Length - 1), StringComparison.Ordinal)
                : role.StartsWith(One, StringComparison.Ordinal) && role.AsSpan(One.Length).SequenceEqual(group))
            {
                return true;
            }
        }

        return false;
    }
}
