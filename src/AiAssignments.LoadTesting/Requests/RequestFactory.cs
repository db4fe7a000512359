using System.Text;
using AiAssignments.LoadTesting.Arrivals;

namespace AiAssignments.LoadTesting.Requests;

/// <summary>Makes sources of what a command line gives: bodies, or a trace.</summary>
public static class RequestFactory
{
    /// <summary>Requests that differ in their bodies.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="path">Path and query.</param>
    /// <param name="bodies">One or more, taken in turn; <c>{n}</c> in one is its request's number.</param>
    /// <param name="encode">Turns a body's text into what travels; <c>null</c>: UTF-8.</param>
    public static IRequestSource Of(string method, string path, IReadOnlyList<string> bodies, Func<string, byte[]>? encode = null)
    {
        ArgumentNullException.ThrowIfNull(bodies);
        encode ??= Encoding.UTF8.GetBytes;
        if (!bodies.Any(BodyTemplate.IsNumbered))
        {
            return new RequestCycle([.. bodies.Select(body => new LoadRequest(method, path, encode(body)))]);
        }

        return new MadeRequests(ordinal => new LoadRequest(method, path, encode(BodyTemplate.Number(bodies[(int)(ordinal % bodies.Count)], ordinal))));
    }

    /// <summary>The requests of a trace, in its order.</summary>
    /// <param name="entries">The trace.</param>
    /// <param name="method">Method of those that name none.</param>
    /// <param name="path">Path of those that name none.</param>
    /// <param name="body">Body of those that name none.</param>
    /// <param name="encode">Turns a body's text into what travels; <c>null</c>: UTF-8.</param>
    public static IRequestSource Of(IReadOnlyList<TraceEntry> entries, string method, string path, string body, Func<string, byte[]>? encode = null)
    {
        ArgumentNullException.ThrowIfNull(entries);
        encode ??= Encoding.UTF8.GetBytes;
        var same = new LoadRequest(method, path, encode(body));
        return new RequestCycle([.. entries.Select(entry => entry is { Method: null, Path: null, Body: null }
            ? same
            : new LoadRequest(entry.Method ?? method, entry.Path ?? path, entry.Body is null ? same.Body : encode(entry.Body)))]);
    }
}
