using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text.Json;
using AiAssignments.Http.Responses;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Operations;
using AiAssignments.Pipeline.Predictions;

namespace AiAssignments.Http.Predicting;

/// <summary>Writes the answer to a predict request into a buffer that its thread keeps. The entity tag is of the answers alone: the timing differs each time.</summary>
/// <param name="result">The answers.</param>
internal sealed class PredictAnswer(PredictionResult result) : IResult
{
    private const string NoTime = "queue;dur=0, tokenize;dur=0, inference;dur=0";
    private const int LargestKept = 1 << 20;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? json;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var target = buffer ??= new ArrayBufferWriter<byte>(1024);
        target.ResetWrittenCount();
        var writer = json ??= new Utf8JsonWriter(target, new JsonWriterOptions { SkipValidation = true });
        writer.Reset(target);
        Write(writer, result, out var answersEnd);

        var response = httpContext.Response;
        var headers = response.Headers;
        var content = target.WrittenMemory;
        headers.ETag = string.Create(CultureInfo.InvariantCulture, $"W/\"{XxHash3.HashToUInt64(content.Span[..answersEnd]):x16}\"");
        headers["Server-Timing"] = ServerTiming(result.Timing);
        headers.CacheControl = "private, no-cache";
        headers.Vary = "Accept-Encoding";
        if (content.Length >= ContentCoding.Least && ContentCoding.Choose(httpContext.Request) is { } coding)
        {
            headers.ContentEncoding = coding;
            content = ContentCoding.Encode(content.Span, coding, CompressionLevel.Fastest);
        }

        response.ContentType = "application/json";
        response.ContentLength = content.Length;
        var writing = response.BodyWriter.WriteAsync(content, httpContext.RequestAborted);
        if (target.Capacity > LargestKept)
        {
            buffer = null;
            json = null;
        }

        return writing.IsCompletedSuccessfully ? Task.CompletedTask : writing.AsTask();
    }

    internal static string ServerTiming(ServeTiming timing) => timing == default
        ? NoTime
        : string.Create(
            CultureInfo.InvariantCulture,
            $"queue;dur={timing.Queue.TotalMilliseconds:0.###}, tokenize;dur={timing.Tokenize.TotalMilliseconds:0.###}, inference;dur={timing.Inference.TotalMilliseconds:0.###}");

    private static void Write(Utf8JsonWriter json, PredictionResult result, out int answersEnd)
    {
        json.WriteStartObject();
        json.WriteString("model"u8, result.Model.ToString());
        json.WriteStartArray("answers"u8);
        for (var i = 0; i < result.Answers.Count; i++)
        {
            Write(json, result.Answers[i]);
        }

        json.WriteEndArray();
        answersEnd = checked((int)(json.BytesCommitted + json.BytesPending));
        json.WriteStartObject("timing"u8);
        json.WriteNumber("queueMs"u8, Milliseconds(result.Timing.Queue));
        json.WriteNumber("tokenizeMs"u8, Milliseconds(result.Timing.Tokenize));
        json.WriteNumber("inferenceMs"u8, Milliseconds(result.Timing.Inference));
        json.WriteEndObject();
        json.WriteNumber("cached"u8, result.Cached);
        if (result.Memory is { } memory)
        {
            json.WritePropertyName("memory"u8);
            JsonSerializer.Serialize(json, memory, OperationsMonitor.Json);
        }

        json.WriteEndObject();
        json.Flush();
    }

    private static void Write(Utf8JsonWriter json, PredictionAnswer answer)
    {
        json.WriteStartObject();
        if (answer.Labels is { } labels)
        {
            json.WriteStartArray("labels"u8);
            for (var i = 0; i < labels.Count; i++)
            {
                json.WriteStartObject();
                json.WriteString("label"u8, labels[i].Label);
                Number(json, "probability"u8, labels[i].Probability);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (answer.Tags is { } tags)
        {
            json.WriteStartArray("tags"u8);
            for (var i = 0; i < tags.Count; i++)
            {
                json.WriteStartObject();
                json.WriteString("word"u8, tags[i].Word);
                json.WriteString("label"u8, tags[i].Label);
                Number(json, "probability"u8, tags[i].Probability);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (answer.Logits is { } logits)
        {
            json.WriteStartArray("logits"u8);
            for (var i = 0; i < logits.Count; i++)
            {
                if (float.IsFinite(logits[i]))
                {
                    json.WriteNumberValue(logits[i]);
                }
                else
                {
                    json.WriteNullValue();
                }
            }

            json.WriteEndArray();
        }

        json.WriteBoolean("truncated"u8, answer.Truncated);
        if (answer.Error is { } error)
        {
            json.WriteStartObject("error"u8);
            json.WriteString("code"u8, error.Code);
            json.WriteString("message"u8, error.Message);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    // JSON has no NaN; a graph may give one.
    private static void Number(Utf8JsonWriter json, ReadOnlySpan<byte> name, float value)
    {
        if (float.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);
}
