using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Reports.Json;
using AiAssignments.Evaluation.Reports.Predictions;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports;

/// <summary>Rows of a shard's result as JSON Lines: one object a line, UTF-8, single-precision numbers in the shortest form that reads back to the same bits.</summary>
public static class PredictionRowFile
{
    /// <summary>Longest line that is read, in bytes. A row's texts are excerpts; only a tagging of a very long sentence comes near a megabyte.</summary>
    public const int LongestLine = 64 * 1024 * 1024;

    private const int FlushAt = 1 << 16;

    private static readonly JsonWriterOptions WriterOptions = new() { SkipValidation = true, Encoder = ReportJson.Options.Encoder };

    /// <summary>Writes rows.</summary>
    /// <param name="rows">The rows; finite numbers only.</param>
    /// <param name="output">Where to; left open.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <returns>Number of rows.</returns>
    /// <exception cref="ArgumentException">A confidence or probability is NaN or infinite.</exception>
    public static async Task<long> WriteAsync(IEnumerable<PredictionRow> rows, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(output);
        var buffer = new ArrayBufferWriter<byte>(FlushAt * 2);
        using var writer = new Utf8JsonWriter(buffer, WriterOptions);
        long count = 0;
        foreach (var row in rows)
        {
            PredictionRowJson.Write(writer, row);
            writer.Flush();
            writer.Reset();
            buffer.GetSpan(1)[0] = (byte)'\n';
            buffer.Advance(1);
            count++;
            if (buffer.WrittenCount >= FlushAt)
            {
                await output.WriteAsync(buffer.WrittenMemory, cancellationToken).ConfigureAwait(false);
                buffer.ResetWrittenCount();
            }
        }

        await output.WriteAsync(buffer.WrittenMemory, cancellationToken).ConfigureAwait(false);
        return count;
    }

    /// <summary>Reads rows as they are asked for.</summary>
    /// <param name="input">Where from; left open.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ProblemException"><c>predictions-corrupt</c>: a line is cut off, too long, or no row.</exception>
    public static async IAsyncEnumerable<PredictionRow> ReadAsync(Stream input, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        var reader = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: FlushAt, leaveOpen: true));
        long line = 0;
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                var rest = result.Buffer;
                while (rest.PositionOf((byte)'\n') is { } end)
                {
                    line++;
                    yield return Parse(rest.Slice(0, end), line);
                    rest = rest.Slice(rest.GetPosition(1, end));
                }

                if (rest.Length > LongestLine)
                {
                    throw Corrupt(line + 1, $"it is longer than {LongestLine} bytes", null);
                }

                if (result.IsCompleted)
                {
                    if (rest.Length > 0)
                    {
                        throw Corrupt(line + 1, "it is cut off before its end", null);
                    }

                    yield break;
                }

                reader.AdvanceTo(rest.Start, rest.End);
            }
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    private static PredictionRow Parse(ReadOnlySequence<byte> line, long number)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            return JsonSerializer.Deserialize(ref reader, ReportJsonContext.Default.PredictionRow) ?? throw Corrupt(number, "it is null", null);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw Corrupt(number, "it is not the JSON of a row", exception);
        }
    }

    private static ProblemException Corrupt(long line, string what, Exception? inner) =>
        new(new Problem("predictions-corrupt", $"The line cannot be read as a prediction: {what}. The file was damaged after it was written; score the shard again.", $"line {line}"), inner);
}
