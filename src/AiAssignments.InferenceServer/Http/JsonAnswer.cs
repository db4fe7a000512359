using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AiAssignments.InferenceServer.Http;

/// <summary>Writes a small JSON body.</summary>
internal static class JsonAnswer
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            write(json);
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = buffer.WrittenCount;
        return context.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, context.RequestAborted).AsTask();
    }
}
