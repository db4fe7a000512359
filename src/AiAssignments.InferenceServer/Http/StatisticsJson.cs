using System.Text.Json;
using AiAssignments.Inference.Protocol;

namespace AiAssignments.InferenceServer.Http;

/// <summary>Statistics by Triton's names: requests, and nanoseconds summed over them. What this server does not count is left out, not zero.</summary>
internal static class StatisticsJson
{
    public static void Write(Utf8JsonWriter json, IEnumerable<ModelStatistics> statistics)
    {
        json.WriteStartObject();
        json.WriteStartArray("model_stats");
        foreach (var each in statistics)
        {
            json.WriteStartObject();
            json.WriteString("name", each.Key.Name);
            json.WriteString("version", each.Key.Version);
            json.WriteNumber("last_inference", each.LastInference?.ToUnixTimeMilliseconds() ?? 0);
            json.WriteNumber("inference_count", each.Rows);
            json.WriteNumber("execution_count", each.Executions);
            json.WriteStartObject("inference_stats");
            Write(json, "success", each.Succeeded, each.Queue + each.Tokenize + each.Inference);
            Write(json, "fail", each.Failed, null);
            Write(json, "queue", each.Succeeded, each.Queue);
            Write(json, "compute_input", each.Succeeded, each.Tokenize);
            Write(json, "compute_infer", each.Succeeded, each.Inference);
            json.WriteEndObject();
            json.WriteStartArray("batch_stats");
            foreach (var batch in each.Batches)
            {
                json.WriteStartObject();
                json.WriteNumber("batch_size", batch.Rows);
                Write(json, "compute_infer", batch.Count, batch.Inference);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, long count, TimeSpan? time)
    {
        json.WriteStartObject(name);
        json.WriteNumber("count", count);
        if (time is { } known)
        {
            json.WriteNumber("ns", (long)known.TotalNanoseconds);
        }

        json.WriteEndObject();
    }
}
