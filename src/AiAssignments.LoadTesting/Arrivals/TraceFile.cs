using System.Globalization;
using System.Text.Json;
using AiAssignments.Core.Errors;

namespace AiAssignments.LoadTesting.Arrivals;

/// <summary>
/// A recorded trace: CSV with a header (<c>offset</c> in seconds, and if wanted <c>method</c>, <c>path</c>, <c>body</c>), or JSON Lines with the same names,
/// where <c>body</c> may be any JSON value (a string stands for its text). Offsets do not go back. At most <see cref="MostEntries"/> requests.
/// </summary>
public static class TraceFile
{
    /// <summary>Most requests of a trace.</summary>
    public const int MostEntries = 2_000_000;

    /// <summary>Longest line, characters.</summary>
    public const int LongestLine = 1 << 20;

    /// <summary>Most characters of all bodies together.</summary>
    public const long MostCharacters = 256L << 20;

    /// <summary>Reads a trace.</summary>
    /// <param name="text">The file; read line by line.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <exception cref="ProblemException"><c>trace-invalid</c>, with the line.</exception>
    public static IReadOnlyList<TraceEntry> Read(TextReader text, string name)
    {
        var lines = new BoundedLines(text, LongestLine);
        var entries = new List<TraceEntry>();
        string[]? header = null;
        long characters = 0;
        while (lines.Next() is { } line)
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            if (entries.Count == 0 && header is null && line[0] != '{')
            {
                header = ReadHeader(line, name);
                continue;
            }

            TraceEntry entry;
            try
            {
                entry = header is null ? FromJson(line) : FromCsv(line, header);
            }
            catch (Exception error) when (error is FormatException or JsonException or InvalidOperationException)
            {
                throw Invalid(name, lines.Number, error is FormatException ? error.Message : "The line is no JSON object with a number 'offset'.");
            }

            if (entries.Count > 0 && entry.Ticks < entries[^1].Ticks)
            {
                throw Invalid(name, lines.Number, "The offset is before that of the line above; sort the trace by time.");
            }

            characters += entry.Body?.Length ?? 0;
            if (entries.Count == MostEntries || characters > MostCharacters)
            {
                throw Invalid(name, lines.Number, $"A trace may hold {MostEntries:N0} requests with bodies of {MostCharacters >> 20} million characters at most; cut it.");
            }

            entries.Add(entry);
        }

        return entries.Count > 0 ? entries : throw new ProblemException("trace-invalid", "The trace holds no request.", name);
    }

    private static string[] ReadHeader(string line, string name)
    {
        var header = CsvFields.Split(line.TrimStart('\uFEFF')).Select(field => field.Trim().ToLowerInvariant()).ToArray();
        var unknown = header.FirstOrDefault(field => field is not ("offset" or "method" or "path" or "body"));
        return unknown is null && header.Contains("offset")
            ? header
            : throw Invalid(name, 1, "The first line must name the columns: offset (seconds), and if wanted method, path, body; or each line must be a JSON object with these names.");
    }

    private static TraceEntry FromCsv(string line, string[] header)
    {
        var fields = CsvFields.Split(line);
        if (fields.Count != header.Length)
        {
            throw new FormatException($"The line has {fields.Count} fields and the header {header.Length}.");
        }

        string? Field(string column) => Array.IndexOf(header, column) is var at and >= 0 && fields[at].Length > 0 ? fields[at] : null;
        return double.TryParse(Field("offset"), NumberStyles.Float, CultureInfo.InvariantCulture, out var offset)
            ? Entry(offset, Field("method"), Field("path"), Field("body"))
            : throw new FormatException("The offset is no number of seconds.");
    }

    private static TraceEntry FromJson(string line)
    {
        using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 64 });
        var root = document.RootElement;
        if (!root.TryGetProperty("offset", out var offset))
        {
            throw new FormatException("The line has no 'offset' (seconds since the start).");
        }

        string? body = root.TryGetProperty("body", out var value)
            ? value.ValueKind switch { JsonValueKind.Null => null, JsonValueKind.String => value.GetString(), _ => value.GetRawText() }
            : null;
        return Entry(offset.GetDouble(), Text("method"), Text("path"), body);

        string? Text(string property) => root.TryGetProperty(property, out var text) ? text.GetString() : null;
    }

    private static TraceEntry Entry(double offset, string? method, string? path, string? body) => offset >= 0 && offset <= 86_400
        ? new TraceEntry((long)(offset * TimeSpan.TicksPerSecond), method, path, body)
        : throw new FormatException("The offset must be 0 to 86400 seconds.");

    private static ProblemException Invalid(string name, long line, string message) => new("trace-invalid", message, $"{name}, line {line}");
}
