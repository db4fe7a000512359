using System.Buffers.Text;
using System.Text;

namespace AiAssignments.LoadTesting.Transports.Http1;

/// <summary>What an HTTP/1.1 answer's head says about its framing (RFC 9112, sections 4 and 6).</summary>
/// <param name="Status">100 to 999.</param>
/// <param name="ContentLength">The body's length; <c>null</c>: not said.</param>
/// <param name="Chunked">Whether the body comes in chunks.</param>
/// <param name="KeepAlive">Whether the connection may be used again.</param>
internal readonly record struct AnswerHead(int Status, long? ContentLength, bool Chunked, bool KeepAlive)
{
    /// <summary>Reads a head.</summary>
    /// <param name="head">From the status line to before the empty line, with the last line's end.</param>
    /// <exception cref="AnswerException">It is malformed or says two things.</exception>
    public static AnswerHead Parse(ReadOnlySpan<byte> head)
    {
        var end = head.IndexOf("\r\n"u8);
        if (end < 12 || !head.StartsWith("HTTP/1."u8) || head[8] != ' ' || !Utf8Parser.TryParse(head[9..12], out int status, out var digits) || digits != 3 || status < 100)
        {
            throw new AnswerException("The answer does not begin with an HTTP/1.1 status line.");
        }

        var keepAlive = head[7] != '0';
        long? length = null;
        var chunked = false;
        for (var rest = head[(end + 2)..]; rest.Length > 0;)
        {
            end = rest.IndexOf("\r\n"u8);
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 2)..];
            var colon = line.IndexOf((byte)':');
            if (colon <= 0)
            {
                throw new AnswerException("A header line of the answer has no name.");
            }

            // By length first: nearly all headers are of no interest here.
            switch (colon)
            {
                case 10 when Ascii.EqualsIgnoreCase(line[..colon], "connection"):
                    keepAlive = Says(line[11..], "close") ? false : Says(line[11..], "keep-alive") || keepAlive;
                    break;
                case 14 when Ascii.EqualsIgnoreCase(line[..colon], "content-length"):
                    var value = line[15..].Trim((byte)' ').Trim((byte)'\t');
                    if (value.IsEmpty || value.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0 || !Utf8Parser.TryParse(value, out long bytes, out var used) || used != value.Length || (length ?? bytes) != bytes)
                    {
                        throw new AnswerException("The answer's Content-Length is no number, or two.");
                    }

                    length = bytes;
                    break;
                case 17 when Ascii.EqualsIgnoreCase(line[..colon], "transfer-encoding"):
                    chunked = Says(line[18..], "chunked") ? true : throw new AnswerException("The answer's Transfer-Encoding is not chunked.");
                    break;
            }
        }

        return chunked && length is not null
            ? throw new AnswerException("The answer has a Content-Length and is chunked: its end cannot be told.")
            : new AnswerHead(status, length, chunked, keepAlive);
    }

    private static bool Says(ReadOnlySpan<byte> value, string word)
    {
        foreach (var part in value.Split((byte)','))
        {
            if (Ascii.EqualsIgnoreCase(value[part].Trim((byte)' '), word))
            {
                return true;
            }
        }

        return false;
    }
}
