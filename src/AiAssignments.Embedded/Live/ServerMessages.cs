using System.Buffers;
using System.Text.Json;
using AiAssignments.Core.Jobs;

namespace AiAssignments.Embedded.Live;

/// <summary>Writes the messages of <c>json.webpubsub.azure.v1</c> that a server sends.</summary>
internal static class ServerMessages
{
    /// <summary>Answer to a ping.</summary>
    public static ReadOnlyMemory<byte> Pong { get; } = "{\"type\":\"pong\"}"u8.ToArray();

    public static ReadOnlyMemory<byte> Connected(string connectionId, string? user) => Write(json =>
    {
        json.WriteString("type", "system");
        json.WriteString("event", "connected");
        json.WriteString("userId", user);
        json.WriteString("connectionId", connectionId);
    });

    public static ReadOnlyMemory<byte> Disconnected(string reason) => Write(json =>
    {
        json.WriteString("type", "system");
        json.WriteString("event", "disconnected");
        json.WriteString("message", reason);
    });

    public static ReadOnlyMemory<byte> Ack(ulong id) => Write(json =>
    {
        json.WriteString("type", "ack");
        json.WriteNumber("ackId", id);
        json.WriteBoolean("success", true);
    });

    /// <param name="id">The request's ack id.</param>
    /// <param name="name"><c>Forbidden</c>, <c>Duplicate</c> or <c>InternalServerError</c>.</param>
    /// <param name="message">A sentence.</param>
    public static ReadOnlyMemory<byte> Refusal(ulong id, string name, string message) => Write(json =>
    {
        json.WriteString("type", "ack");
        json.WriteNumber("ackId", id);
        json.WriteBoolean("success", false);
        json.WriteStartObject("error");
        json.WriteString("name", name);
        json.WriteString("message", message);
        json.WriteEndObject();
    });

    /// <param name="group">The group.</param>
    /// <param name="data">JSON of the payload.</param>
    public static ReadOnlyMemory<byte> FromGroup(string group, ReadOnlySpan<byte> data)
    {
        var buffer = new ArrayBufferWriter<byte>(data.Length + group.Length + 96);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("type", "message");
        json.WriteString("from", "group");
        json.WriteString("group", group);
        json.WriteString("dataType", "json");
        json.WritePropertyName("data");
        json.WriteRawValue(data, skipInputValidation: true);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    public static ReadOnlyMemory<byte> Progress(KnownProgress known) => Write(json =>
    {
        json.WriteString("kind", "progress");
        json.WriteString("jobId", known.Progress.JobId);
        json.WriteString("title", known.Progress.Title);
        json.WriteString("stage", known.Progress.Stage);
        json.WriteNumber("done", known.Progress.Done);
        json.WriteNumber("total", known.Progress.Total);
        json.WriteString("at", known.At.UtcDateTime);
    });

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        content(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
