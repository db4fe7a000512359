using System.Text.Json;
using AiAssignments.Evaluation.Datasets.Text;

namespace AiAssignments.Evaluation.Datasets.JsonLines;

/// <summary>The properties of the first objects of a JSON Lines file.</summary>
internal sealed class JsonHead
{
    private const int MaxLines = 1000;
    private const int MaxProperties = 1024;
    private readonly List<string> columns = [];
    private readonly HashSet<string> lists = [];

    /// <summary>Looks at whole lines only, unless the head is the whole dataset.</summary>
    /// <param name="head">The head.</param>
    public JsonHead(TextHead head)
    {
        var rest = head.Bytes.AsSpan(head.Start);
        for (var line = 1L; line <= MaxLines && !rest.IsEmpty; line++)
        {
            var end = rest.IndexOf((byte)'\n');
            if (end < 0 && !head.IsWhole)
            {
                break;
            }

            var bytes = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (bytes.IndexOfAnyExcept((byte)' ', (byte)'\t', (byte)'\r') >= 0)
            {
                Look(bytes, line);
            }
        }
    }

    /// <summary>Lines that are JSON objects.</summary>
    public int Objects { get; private set; }

    /// <summary>Names of all properties, in the order met.</summary>
    public IReadOnlyList<string> Columns => columns;

    /// <summary>What is wrong with the first line that is no JSON object.</summary>
    public string? FirstError { get; private set; }

    /// <summary>Line of <see cref="FirstError"/>.</summary>
    public long FirstErrorLine { get; private set; }

    /// <summary>Whether a property's value is a list.</summary>
    /// <param name="column">The property.</param>
    public bool IsList(string column) => lists.Contains(column);

    private void Look(ReadOnlySpan<byte> bytes, long line)
    {
        try
        {
            var json = new Utf8JsonReader(bytes, JsonLineParser.Options);
            json.Read();
            if (json.TokenType != JsonTokenType.StartObject)
            {
                Note(line, "it is not an object ({...})");
                return;
            }

            var found = new List<(string Name, bool List)>();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var name = json.GetString()!;
                json.Read();
                found.Add((name, json.TokenType == JsonTokenType.StartArray));
                json.Skip();
            }

            json.Read();
            Objects++;
            foreach (var (name, list) in found)
            {
                if (columns.Count < MaxProperties && !columns.Contains(name))
                {
                    columns.Add(name);
                }

                if (list)
                {
                    lists.Add(name);
                }
            }
        }
        catch (JsonException error)
        {
            Note(line, JsonLineParser.Reason(error));
        }
        catch (InvalidOperationException)
        {
            Note(line, "a property's name is not UTF-8");
        }
    }

    private void Note(long line, string error)
    {
        if (FirstError is null)
        {
            FirstError = error;
            FirstErrorLine = line;
        }
    }
}
