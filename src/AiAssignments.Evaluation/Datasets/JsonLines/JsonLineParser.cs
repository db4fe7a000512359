using System.Text.Json;
using AiAssignments.Core.Datasets;
using AiAssignments.Evaluation.Datasets.Batching;
using AiAssignments.Evaluation.Datasets.Text;

namespace AiAssignments.Evaluation.Datasets.JsonLines;

/// <summary>Lines of JSON objects to records. Decodes only what is wanted of an object, and validates the rest.</summary>
internal sealed class JsonLineParser(DatasetDescription description, Shard shard) : RecordParser(shard)
{
    /// <summary>Deeper nesting is refused.</summary>
    public const int MaxDepth = 64;

    /// <summary>How lines are read: strictly RFC 8259, no comments, no trailing commas.</summary>
    public static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth };

    private readonly JsonObjectReader reader = new(new JsonFields(description));

    /// <inheritdoc />
    public override int Parse(ReadOnlySpan<byte> window, long offset, bool final, BatchBuilder batch)
    {
        var at = 0;
        while (!batch.IsFull && at < window.Length)
        {
            var length = window[at..].IndexOf((byte)'\n');
            if (length < 0)
            {
                if (!final)
                {
                    return at;
                }

                length = window.Length - at;
            }

            var line = window.Slice(at, length);
            if (line.IndexOfAnyExcept((byte)' ', (byte)'\t', (byte)'\r') >= 0)
            {
                Take(line, new RecordPosition(Index++, offset + at, Line), batch);
            }

            Line++;
            at = Math.Min(at + length + 1, window.Length);
        }

        return at;
    }

    /// <inheritdoc />
    public override int Skip(ReadOnlySpan<byte> bytes, bool first, out bool done)
    {
        var end = bytes.IndexOf((byte)'\n');
        done = end >= 0;
        if (!done)
        {
            return bytes.Length;
        }

        Line++;
        return end + 1;
    }

    private void Take(ReadOnlySpan<byte> line, RecordPosition position, BatchBuilder batch)
    {
        try
        {
            if (reader.Read(line, position) is { } record)
            {
                batch.Add(record, line.Length);
            }
            else
            {
                batch.Add(new RecordError(position, reader.ErrorCode, reader.ErrorMessage));
            }
        }
        catch (JsonException error)
        {
            batch.Add(new RecordError(position, "json-invalid", $"The line is not JSON from byte {error.BytePositionInLine} of it on: {Reason(error)}"));
        }
        catch (InvalidOperationException)
        {
            batch.Add(new RecordError(position, "text-not-utf8", "A property's name holds bytes that are not UTF-8, or half of a surrogate pair."));
        }
    }

    /// <summary>What the JSON reader says, without its own line and byte numbers.</summary>
    /// <param name="error">The reader's error.</param>
    public static string Reason(JsonException error)
    {
        var message = error.Message;
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
