using System.Text.Json;

namespace AiAssignments.Embedded.Live;

/// <summary>A message from a client, as the subprotocol defines it.</summary>
/// <param name="Kind">What is asked for.</param>
/// <param name="Group">The group of a join, leave or send.</param>
/// <param name="AckId">Wanted back in the acknowledgement; <c>null</c>: none is wanted.</param>
internal sealed record ClientRequest(ClientRequestKind Kind, string? Group, ulong? AckId)
{
    /// <summary>Longest group name, characters (what Web PubSub takes).</summary>
    public const int MaxGroupLength = 1024;

    /// <summary>Reads a message.</summary>
    /// <param name="utf8">The whole text message.</param>
    /// <param name="malformed">What is wrong with it.</param>
    /// <param name="isJson">Whether it was at least JSON.</param>
    /// <returns><c>null</c> when it does not match the described format.</returns>
    public static ClientRequest? Parse(ReadOnlyMemory<byte> utf8, out string malformed, out bool isJson)
    {
        isJson = false;
        try
        {
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = 32 });
            isJson = true;
            return Read(document.RootElement, out malformed);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The latter: a string that is not UTF-16, by an escape of half a surrogate pair.
            isJson = false;
            malformed = "The message is not JSON.";
            return null;
        }
    }

    private static ClientRequest? Read(JsonElement root, out string malformed)
    {
        malformed = string.Empty;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String)
        {
            malformed = "The message is not an object with a string 'type'.";
            return null;
        }

        ClientRequestKind? kind = type.GetString() switch
        {
            "joinGroup" => ClientRequestKind.JoinGroup,
            "leaveGroup" => ClientRequestKind.LeaveGroup,
            "sendToGroup" => ClientRequestKind.SendToGroup,
            "event" => ClientRequestKind.Event,
            "ping" => ClientRequestKind.Ping,
            _ => null,
        };
        if (kind is null)
        {
            malformed = "The message's 'type' is unknown; joinGroup, leaveGroup, sendToGroup, event and ping are known.";
            return null;
        }

        ulong? ackId = null;
        if (root.TryGetProperty("ackId", out var ack) && ack.ValueKind != JsonValueKind.Null)
        {
            if (ack.ValueKind != JsonValueKind.Number || !ack.TryGetUInt64(out var id))
            {
                malformed = "The message's 'ackId' is not an unsigned 64-bit integer.";
                return null;
            }

            ackId = id;
        }

        string? group = null;
        if (kind is ClientRequestKind.JoinGroup or ClientRequestKind.LeaveGroup or ClientRequestKind.SendToGroup)
        {
            group = root.TryGetProperty("group", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
            if (group is not { Length: > 0 and <= MaxGroupLength })
            {
                malformed = "The message's 'group' is not a string of 1 to 1024 characters.";
                return null;
            }
        }

        return new ClientRequest(kind.Value, group, ackId);
    }
}

/// <summary>What a client asks for.</summary>
internal enum ClientRequestKind
{
    JoinGroup,
    LeaveGroup,
    SendToGroup,
    Event,
    Ping,
}
