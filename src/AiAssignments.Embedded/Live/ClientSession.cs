using System.Net.WebSockets;
using AiAssignments.Core.Jobs;

namespace AiAssignments.Embedded.Live;

/// <summary>The receiving half of one socket: reads the client's requests one after the other and answers them, until either side closes.</summary>
internal sealed class ClientSession(WebSocket socket, SocketClient client, SocketTicket ticket, ProgressHub hub, ProgressHubOptions options, TimeProvider time)
{
    private const int FirstBuffer = 1024;
    private readonly AckWindow acks = new();
    private byte[] buffer = new byte[Math.Min(FirstBuffer, options.MaxMessageBytes)];

    /// <param name="age">When the client is to negotiate anew.</param>
    /// <param name="stopping">The server stops.</param>
    public async Task RunAsync(TimeSpan age, CancellationToken stopping)
    {
        // Started by the first goodbye: a client that does not answer it is not waited for.
        using var patience = time.CreateTimer(static client => ((SocketClient)client!).Abort(), client, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        using var stop = stopping.Register(() => Leave(WebSocketCloseStatus.EndpointUnavailable, "The server stops.", patience));
        using var old = time.CreateTimer(_ => Leave(WebSocketCloseStatus.NormalClosure, "The connection has reached its age; negotiate anew.", patience), null, age, Timeout.InfiniteTimeSpan);
        client.Send(new OutgoingMessage(ServerMessages.Connected(client.Id, ticket.User)));
        try
        {
            var saidGoodbye = false;
            while (true)
            {
                var (end, length) = await ReceiveAsync().ConfigureAwait(false);
                if (end == MessageEnd.ClosedByClient)
                {
                    break;
                }

                if (saidGoodbye)
                {
                    // Only read on for the client's own closing frame.
                    continue;
                }

                var fault = end switch
                {
                    MessageEnd.TooLong => (WebSocketCloseStatus.MessageTooBig, $"The message is longer than {options.MaxMessageBytes} bytes."),
                    MessageEnd.Binary => (WebSocketCloseStatus.InvalidMessageType, "The message is binary; this subprotocol is text."),
                    _ => await AnswerAsync(buffer.AsMemory(0, length), stopping).ConfigureAwait(false),
                };
                if (fault is var (status, reason))
                {
                    saidGoodbye = true;
                    Leave(status, reason, patience);
                }
            }

            client.Close(WebSocketCloseStatus.NormalClosure, string.Empty, default);
        }
        catch (Exception gone) when (gone is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The client went without a word, or was dropped.
            client.Abort();
        }
    }

    private void Leave(WebSocketCloseStatus status, string reason, ITimer patience)
    {
        client.Close(status, reason, ServerMessages.Disconnected(reason));
        patience.Change(options.CloseTimeout, Timeout.InfiniteTimeSpan);
    }

    private async ValueTask<(MessageEnd End, int Length)> ReceiveAsync()
    {
        var length = 0;
        var end = MessageEnd.Whole;
        while (true)
        {
            if (length == buffer.Length)
            {
                if (length >= options.MaxMessageBytes)
                {
                    // What follows of it is read into the same place and forgotten.
                    end = MessageEnd.TooLong;
                    length = 0;
                }
                else
                {
                    Array.Resize(ref buffer, Math.Min(length * 4, options.MaxMessageBytes));
                }
            }

            var part = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None).ConfigureAwait(false);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return (MessageEnd.ClosedByClient, 0);
            }

            length += part.Count;
            end = part.MessageType == WebSocketMessageType.Binary ? MessageEnd.Binary : end;
            if (part.EndOfMessage || end != MessageEnd.Whole)
            {
                return (end, length);
            }
        }
    }

    private async ValueTask<(WebSocketCloseStatus Status, string Reason)?> AnswerAsync(ReadOnlyMemory<byte> message, CancellationToken stopping)
    {
        if (ClientRequest.Parse(message, out var malformed, out var isJson) is not { } request)
        {
            return (isJson ? WebSocketCloseStatus.PolicyViolation : WebSocketCloseStatus.InvalidPayloadData, malformed);
        }

        if (request.Kind == ClientRequestKind.Ping)
        {
            client.Send(new OutgoingMessage(ServerMessages.Pong));
        }
        else if (request.AckId is { } id && !acks.TryUse(id))
        {
            Refuse(request, "Duplicate", "A request with this ackId was carried out before.");
        }
        else if (request.Kind is ClientRequestKind.SendToGroup or ClientRequestKind.Event)
        {
            Refuse(request, "Forbidden", "Clients of this server listen; they do not publish.");
        }
        else if (!GroupRights.MayJoin(ticket, request.Group!))
        {
            Refuse(request, "Forbidden", "This connection may not join or leave the group.");
        }
        else if (request.Kind == ClientRequestKind.LeaveGroup)
        {
            await hub.LeaveAsync(client, request.Group!, request.AckId).ConfigureAwait(false);
        }
        else if (!await hub.JoinAsync(client, request.Group!, request.AckId, stopping).ConfigureAwait(false))
        {
            Refuse(request, "Forbidden", $"A connection may be in {options.MaxGroups} groups at most.");
        }

        return null;
    }

    private void Refuse(ClientRequest request, string name, string message)
    {
        if (request.AckId is { } id)
        {
            client.Send(new OutgoingMessage(ServerMessages.Refusal(id, name, message)));
        }
    }

    private enum MessageEnd
    {
        Whole,
        Binary,
        TooLong,
        ClosedByClient,
    }
}
