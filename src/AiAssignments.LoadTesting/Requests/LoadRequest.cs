using AiAssignments.Core.Errors;

namespace AiAssignments.LoadTesting.Requests;

/// <summary>One request, made before it is due.</summary>
public sealed class LoadRequest
{
    private volatile Made? wire;

    /// <summary>Makes it.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="path">Path and query, from the slash on.</param>
    /// <param name="body">Body, or a WebSocket's message; empty: none.</param>
    /// <exception cref="ProblemException"><c>request-invalid</c>: a method or path that would break the request's framing.</exception>
    public LoadRequest(string method, string path, ReadOnlyMemory<byte> body)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(path);
        if (method.Length is 0 or > 32 || !method.All(char.IsAsciiLetter))
        {
            throw new ProblemException("request-invalid", "A method must be letters, for example POST.");
        }

        if (!path.StartsWith('/') || path.Length > 8192 || path.Any(c => c is <= ' ' or > '~'))
        {
            throw new ProblemException("request-invalid", "A path must begin with a slash and be ASCII without blanks (percent-encode the rest), 8,192 characters at most.");
        }

        (Method, Path, Body) = (method.ToUpperInvariant(), path, body);
    }

    /// <summary>HTTP method.</summary>
    public string Method { get; }

    /// <summary>Path and query.</summary>
    public string Path { get; }

    /// <summary>Body.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>More of the body, after <see cref="Body"/>: what many requests share, so that each has only its own bytes made for it. Over HTTP/1.1 it is never copied. Default: none.</summary>
    public ReadOnlyMemory<byte> Tail { get; init; }

    /// <summary>Length of the body with its tail, bytes.</summary>
    internal int Length => Body.Length + Tail.Length;

    /// <summary>The body with its tail in one piece.</summary>
    internal ReadOnlyMemory<byte> Whole => Tail.IsEmpty ? Body : (byte[])[.. Body.Span, .. Tail.Span];

    /// <summary>What a transport makes of it, kept for the next time. Threads that make it at once make the same.</summary>
    internal byte[] Wire(object owner, Func<LoadRequest, byte[]> make)
    {
        if (wire is { } kept && kept.Owner == owner)
        {
            return kept.Bytes;
        }

        var bytes = make(this);
        wire = new Made(owner, bytes);
        return bytes;
    }

    private sealed record Made(object Owner, byte[] Bytes);
}
