using System.Text;
using AiAssignments.LoadTesting.Transports;
using AiAssignments.LoadTesting.Transports.Http1;
using FsCheck;
using FsCheck.Xunit;

namespace AiAssignments.Tests.LoadTesting;

/// <summary>Where an answer ends, byte by byte.</summary>
public sealed class Http1AnswerTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", 200, 5L, false, true)]
    [InlineData("HTTP/1.1 404 \r\ncontent-length:0\r\nConnection: close\r\n", 404, 0L, false, false)]
    [InlineData("HTTP/1.0 200 OK\r\n", 200, null, false, false)]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 7\r\nContent-Length: 7\r\n", 200, 7L, false, true)]
    [InlineData("HTTP/1.1 200 OK\r\nTRANSFER-ENCODING: chunked\r\nConnection: upgrade, close\r\n", 200, null, true, false)]
    [InlineData("HTTP/1.1 200 OK\r\nX-Content-Length: 5\r\nContent-Lengthy: 6\r\n", 200, null, false, true)]
    public void Heads_are_read(string head, int status, long? length, bool chunked, bool keepAlive) =>
        Assert.Equal(new AnswerHead(status, length, chunked, keepAlive), AnswerHead.Parse(Encoding.ASCII.GetBytes(head)));

    [Theory]
    [InlineData("HTTP/2 200\r\n")]
    [InlineData("HTTP/1.1 20 OK\r\n")]
    [InlineData("HTTP/1.1 abc OK\r\n")]
    [InlineData("HTTP/1.1 099 OK\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: five\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: +1\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n: no name\r\n")]
    public void Heads_whose_end_cannot_be_told_are_refused(string head) => Assert.Throws<AnswerException>(() => AnswerHead.Parse(Encoding.ASCII.GetBytes(head)));

    [Property(MaxTest = 200)]
    public bool A_chunked_body_ends_where_it_ends_however_it_is_cut(byte[][] chunks, byte[] rest, PositiveInt[] cuts)
    {
        var wire = new MemoryStream();
        long body = 0;
        foreach (var chunk in chunks.Where(chunk => chunk is { Length: > 0 }))
        {
            wire.Write(Encoding.ASCII.GetBytes(body % 2 == 0 ? $"{chunk.Length:x}\r\n" : $"0{chunk.Length:X};name=value\r\n"));
            wire.Write(chunk);
            wire.Write("\r\n"u8);
            body += chunk.Length;
        }

        wire.Write(body % 2 == 0 ? "0\r\n\r\n"u8 : "0\r\nTrailer: x\r\nOther: y\r\n\r\n"u8);
        var length = (int)wire.Length;
        wire.Write(rest ?? []);
        var bytes = wire.ToArray();
        var decoder = default(ChunkedDecoder);
        var (at, cut) = (0, 0);
        while (!decoder.Done && at < bytes.Length)
        {
            var step = Math.Min(bytes.Length - at, cuts is { Length: > 0 } ? 1 + (cuts[cut++ % cuts.Length].Get % 7) : 3);
            at += decoder.Consume(bytes.AsSpan(at, step));
        }

        return decoder.Done && at == length && decoder.Body == body;
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("g\r\n")]
    [InlineData("-1\r\n")]
    [InlineData("5\nhello\r\n")]
    [InlineData("5\r\nhelloo\r\n")]
    [InlineData("5\r\nhello0\r\n\r\n")]
    [InlineData("fffffffffffffffff\r\n")]
    [InlineData("0\r\n\rx")]
    public void A_malformed_chunked_body_is_refused(string body)
    {
        var decoder = default(ChunkedDecoder);
        Assert.Throws<AnswerException>(() => decoder.Consume(Encoding.ASCII.GetBytes(body)));
    }

    [Theory]
    [InlineData("5;")]
    [InlineData("0\r\nX: ")]
    public void What_has_no_end_beside_the_body_is_given_up(string start)
    {
        var decoder = default(ChunkedDecoder);
        Assert.Throws<AnswerException>(() =>
        {
            decoder.Consume(Encoding.ASCII.GetBytes(start));
            for (var i = 0; i < 1_000; i++)
            {
                decoder.Consume(Encoding.ASCII.GetBytes(new string('x', 1_000)));
            }
        });
    }

    [Fact]
    public void A_chunk_that_says_it_is_huge_is_refused_before_it_comes()
    {
        var body = new AnswerBody(new AnswerHead(200, null, true, true), headOnly: false, largest: 1_000);
        Assert.Throws<AnswerException>(() => body.Consume("7FFFFFFFFFFFFFF\r\n"u8));
        Assert.Throws<AnswerException>(() => new AnswerBody(new AnswerHead(200, 1L << 30, false, true), headOnly: false, largest: 1_000));
        Assert.True(new AnswerBody(new AnswerHead(200, 1L << 30, false, true), headOnly: true, largest: 1_000).Done);
    }
}
