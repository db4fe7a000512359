using System.Text.Json;
using AiAssignments.Core.Jobs;

namespace AiAssignments.Azure.WebPubSub;

/// <summary>The payload of a progress message: the same as the local host's sockets send.</summary>
internal static class PubSubMessage
{
    public static byte[] Progress(JobProgress progress, DateTimeOffset at)
    {
        using var buffer = new MemoryStream(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("kind", "progress");
            json.WriteString("jobId", progress.JobId);
            json.WriteString("title", progress.Title);
            json.WriteString("stage", progress.Stage);
            json.WriteNumber("done", progress.Done);
            json.WriteNumber("total", progress.Total);
            json.WriteString("at", at.UtcDateTime);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
