namespace AiAssignments.Embedded.Live;

/// <summary>Who is in which group. Only for the hub's dispatcher.</summary>
/// <param name="most">Most groups of one client.</param>
internal sealed class HubGroups(int most)
{
    private readonly Dictionary<string, List<SocketClient>> members = new(StringComparer.Ordinal);

    /// <summary>Puts the client in; <c>false</c> when it is in too many already.</summary>
    public bool Join(SocketClient client, string group)
    {
        if (client.Groups.Contains(group))
        {
            return true;
        }

        if (client.Groups.Count >= most)
        {
            return false;
        }

        client.Groups.Add(group);
        if (!members.TryGetValue(group, out var list))
        {
            members[group] = list = [];
        }

        list.Add(client);
        return true;
    }

    public void Leave(SocketClient client, string group)
    {
        if (client.Groups.Remove(group) && members.TryGetValue(group, out var list))
        {
            list.Remove(client);
            if (list.Count == 0)
            {
                members.Remove(group);
            }
        }
    }

    public void LeaveAll(SocketClient client)
    {
        foreach (var group in client.Groups.ToList())
        {
            Leave(client, group);
        }
    }

    /// <summary>The members; empty for a group that nobody is in.</summary>
    public IReadOnlyList<SocketClient> Of(string group) => members.TryGetValue(group, out var list) ? list : [];
}
