using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using AiAssignments.LoadTesting.Requests;

namespace AiAssignments.LoadTesting.Transports.Http1;

/// <summary>One keep-alive connection.</summary>
internal sealed class Http1Channel(Http1Transport transport) : ILoadChannel
{
    private const int LargestHead = 64 << 10;

    private byte[] buffer = new byte[8 << 10];
    private volatile Socket? socket;
    private volatile bool aborted;
    private SslStream? tls;
    private bool answered;
    private long sent;
    private long received;

    public async ValueTask<string?> ConnectAsync()
    {
        try
        {
            await OpenAsync().ConfigureAwait(false);
            return null;
        }
        catch (Exception error) when (IsConnection(error))
        {
            Close();
            return error.Message;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<LoadReply> ExchangeAsync(LoadRequest request)
    {
        var wire = transport.Encode(request);
        (sent, received, aborted) = (0, 0, false);
        while (true)
        {
            if (socket is null && await ConnectAsync().ConfigureAwait(false) is { } refused)
            {
                return new LoadReply(FailureKind.Connect, 0, 0, 0, refused);
            }

            var reused = answered;
            try
            {
                await SendAsync(wire).ConfigureAwait(false);
                if (!request.Tail.IsEmpty)
                {
                    await SendAsync(request.Tail).ConfigureAwait(false);
                }

                var status = await ReadAsync(request.Method == "HEAD").ConfigureAwait(false);
                answered = true;
                return new LoadReply(FailureKind.None, status, sent, received);
            }
            catch (AnswerException malformed)
            {
                Close();
                return new LoadReply(FailureKind.Body, 0, sent, received, malformed.Message);
            }
            catch (Exception error) when (IsConnection(error))
            {
                Close();

                // A kept connection that the server closed while it was idle is no failed request (RFC 9112, 9.3.1): sent once more on a new one.
                if (!reused || received > 0 || aborted)
                {
                    return new LoadReply(FailureKind.Reset, 0, sent, received, error.Message);
                }
            }
        }
    }

    public void Abort()
    {
        aborted = true;
        socket?.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private static bool IsConnection(Exception error) => error is SocketException or IOException or ObjectDisposedException or AuthenticationException;

    private async ValueTask OpenAsync()
    {
        Close();
        var opened = transport.Dialer.CreateSocket();
        socket = opened;
        await opened.ConnectAsync(transport.Dialer.Target.Address).ConfigureAwait(false);
        if (transport.Dialer.Target.Tls)
        {
            tls = new SslStream(new NetworkStream(opened), leaveInnerStreamOpen: false);
            await tls.AuthenticateAsClientAsync(transport.Dialer.Tls(SslApplicationProtocol.Http11)).ConfigureAwait(false);
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> wire)
    {
        if (tls is not null)
        {
            await tls.WriteAsync(wire).ConfigureAwait(false);
        }
        else
        {
            // One call sends all that fits the kernel's buffer: nearly always everything.
            for (var at = 0; at < wire.Length;)
            {
                at += await (socket ?? throw new IOException("The connection was ended.")).SendAsync(wire[at..]).ConfigureAwait(false);
            }
        }

        sent += wire.Length;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadAsync(bool headOnly)
    {
        var filled = 0;
        while (true)
        {
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length < LargestHead ? buffer.Length * 2 : throw new AnswerException("The answer's head does not end."));
            }

            var read = await ReceiveAsync(filled).ConfigureAwait(false);
            if (read == 0)
            {
                throw new IOException("The server closed the connection.");
            }

            received += read;

            // The empty line may lie across two reads.
            var from = Math.Max(0, filled - 3);
            filled += read;
            while (buffer.AsSpan(from, filled - from).IndexOf("\r\n\r\n"u8) is var at and >= 0)
            {
                var end = from + at;
                var head = AnswerHead.Parse(buffer.AsSpan(0, end + 2));
                if (head.Status is >= 100 and < 200)
                {
                    // An interim answer; the real one follows (RFC 9110, 15.2).
                    filled -= end + 4;
                    buffer.AsSpan(end + 4, filled).CopyTo(buffer);
                    from = 0;
                    continue;
                }

                return await BodyAsync(head, new AnswerBody(head, headOnly, transport.LargestBody), end + 4, filled).ConfigureAwait(false);
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> BodyAsync(AnswerHead head, AnswerBody body, int start, int filled)
    {
        while (true)
        {
            var used = body.Consume(buffer.AsSpan(start, filled - start));
            if (body.Done)
            {
                if (used != filled - start)
                {
                    throw new AnswerException("The answer is longer than it said.");
                }

                if (!head.KeepAlive)
                {
                    Close();
                }

                return head.Status;
            }

            (start, filled) = (0, await ReceiveAsync(0).ConfigureAwait(false));
            if (filled == 0)
            {
                if (!body.EndsWithConnection)
                {
                    throw new IOException("The server closed the connection in the middle of its answer.");
                }

                Close();
                return head.Status;
            }

            received += filled;
        }
    }

    // Not a state machine of its own: this is on the way of every answer.
    private ValueTask<int> ReceiveAsync(int at) => tls is not null
        ? tls.ReadAsync(buffer.AsMemory(at))
        : (socket ?? throw new IOException("The connection was ended.")).ReceiveAsync(buffer.AsMemory(at));

    private void Close()
    {
        answered = false;
        tls?.Dispose();
        tls = null;
        socket?.Dispose();
        socket = null;
    }
}
