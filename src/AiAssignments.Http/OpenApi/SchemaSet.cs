using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using AiAssignments.Core.Models;
using AiAssignments.Http.Serialization;

namespace AiAssignments.Http.OpenApi;

/// <summary>JSON schemas (draft 2020-12, as OpenAPI 3.1 has them): of types as they are really written, and by hand for what is written and read by hand.</summary>
internal static class SchemaSet
{
    private const string ByHand = """
        {
          "Problem": {
            "type": "object", "description": "Problem details (RFC 9457).", "required": ["status", "title", "type", "code"],
            "properties": {
              "status": {"type": "integer"}, "title": {"type": "string", "description": "What was found and what is needed."},
              "type": {"type": "string"}, "code": {"type": "string", "description": "Stable; programs may match on it."},
              "where": {"type": "string", "description": "The place in the request."}
            }
          },
          "Health": {"type": "object", "required": ["status"], "properties": {"status": {"enum": ["live", "ready"]}}},
          "PredictInput": {
            "description": "A text, or an object with a text (with or without a pair) or an image.",
            "oneOf": [
              {"type": "string"},
              {"type": "object", "additionalProperties": false, "required": ["text"], "properties": {"text": {"type": "string", "description": "For taggers: words separated by white space."}, "pair": {"type": ["string", "null"]}}},
              {"type": "object", "additionalProperties": false, "required": ["image"], "properties": {"image": {"type": "string", "contentEncoding": "base64"}}}
            ]
          },
          "PredictRequest": {
            "type": "object", "additionalProperties": false,
            "description": "Either inputs, or one input in place: text, pair or image.",
            "properties": {
              "inputs": {"type": "array", "minItems": 1, "maxItems": 1000, "items": {"$ref": "#/components/schemas/PredictInput"}},
              "text": {"type": "string"}, "pair": {"type": ["string", "null"]}, "image": {"type": "string", "contentEncoding": "base64"},
              "topK": {"type": "integer", "minimum": 1, "maximum": 10000, "default": 5},
              "output": {"enum": ["scores", "logits"], "default": "scores"},
              "timeoutMs": {"type": "integer", "minimum": 1, "maximum": 600000}
            }
          },
          "PredictResponse": {
            "type": "object", "required": ["model", "answers", "timing", "cached"],
            "properties": {
              "model": {"type": "string", "description": "The version that answered, name@version."},
              "answers": {"type": "array", "items": {"$ref": "#/components/schemas/PredictAnswer"}},
              "timing": {"type": "object", "required": ["queueMs", "tokenizeMs", "inferenceMs"], "properties": {"queueMs": {"type": "number"}, "tokenizeMs": {"type": "number"}, "inferenceMs": {"type": "number"}}},
              "cached": {"type": "integer", "description": "Answers that came from a cache."},
              "memory": {"$ref": "#/components/schemas/MemoryProfile"}
            }
          },
          "MemoryProfile": {
            "type": "object", "description": "What the call did to the memory of the server, with profile=memory. Counters of the whole process.",
            "required": ["subject", "runs", "seconds", "allocatedBytes", "peakManagedBytes", "peakResidentBytes", "peakNativeBytes", "retainedBytes", "retainedNativeBytes", "pauseSeconds", "generations", "gpus", "samples", "overlapping"],
            "properties": {
              "subject": {"type": "string"}, "runs": {"type": "integer"}, "seconds": {"type": "number"},
              "allocatedBytes": {"type": "integer", "description": "Managed bytes allocated."},
              "peakManagedBytes": {"type": "integer", "description": "Most that the managed heap was above its size at the beginning."},
              "peakResidentBytes": {"type": "integer", "description": "Most memory of the process in RAM, all of it."},
              "peakNativeBytes": {"type": "integer", "description": "Most that the memory outside of the managed heap was above its size at the beginning."},
              "retainedBytes": {"type": "integer", "description": "Managed bytes in use after a full collection at the end, less those at the beginning."},
              "retainedNativeBytes": {"type": "integer"}, "pauseSeconds": {"type": "number"},
              "generations": {"type": "array", "items": {"type": "object", "required": ["generation", "collections", "retainedBytes"], "properties": {"generation": {"enum": ["0", "1", "2", "large", "pinned"]}, "collections": {"type": "integer"}, "retainedBytes": {"type": "integer"}}}},
              "gpus": {"type": ["array", "null"], "items": {"type": "object", "required": ["gpu", "peakBytes", "retainedBytes"], "properties": {"gpu": {"type": "integer"}, "peakBytes": {"type": "integer"}, "retainedBytes": {"type": "integer"}}}},
              "samples": {"type": "integer"}, "overlapping": {"type": "integer", "description": "Other measured work at the same time."}
            }
          },
          "PredictAnswer": {
            "type": "object", "required": ["truncated"],
            "properties": {
              "labels": {"type": "array", "items": {"type": "object", "required": ["label", "probability"], "properties": {"label": {"type": "string"}, "probability": {"type": ["number", "null"]}}}},
              "tags": {"type": "array", "items": {"type": "object", "required": ["word", "label", "probability"], "properties": {"word": {"type": "string"}, "label": {"type": "string"}, "probability": {"type": ["number", "null"]}}}},
              "logits": {"type": "array", "items": {"type": ["number", "null"]}},
              "truncated": {"type": "boolean"},
              "error": {"type": "object", "required": ["code", "message"], "properties": {"code": {"type": "string"}, "message": {"type": "string"}}}
            }
          }
        }
        """;

    private static readonly JsonSchemaExporterOptions Exporting = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Mend };

    private static bool IsNullable(JsonNode? schema) => schema is JsonObject members && members["type"] is JsonArray types && types.Any(type => type!.GetValue<string>() == "null");

    public static JsonObject Create(IEnumerable<OpenApiSchema> types)
    {
        var schemas = JsonNode.Parse(ByHand)!.AsObject();
        foreach (var (name, type) in types)
        {
            var schema = GatewayJson.Options.GetJsonSchemaAsNode(type, Exporting);
            Relocate(schema, $"#/components/schemas/{name}");
            schemas[name] = schema;
        }

        return schemas;
    }

    // The exporter points from the schema's own root, which here is not the document's.
    private static void Relocate(JsonNode? node, string root)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array)
            {
                Relocate(item, root);
            }
        }
        else if (node is JsonObject members)
        {
            foreach (var (name, value) in members.ToList())
            {
                if (name == "$ref" && value is JsonValue pointer)
                {
                    members[name] = root + pointer.GetValue<string>()[1..];
                }
                else
                {
                    Relocate(value, root);
                }
            }
        }
    }

    // What our converters write: the exporter cannot look into them. And what may be null is left out when it is, so it is not required.
    private static JsonNode Mend(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = context.TypeInfo.Type;
        if ((Nullable.GetUnderlyingType(type) ?? type) == typeof(ModelTask))
        {
            return new JsonObject { ["enum"] = new JsonArray([.. Enum.GetValues<ModelTask>().Select(task => JsonValue.Create(task.Name()))]) };
        }

        if (type == typeof(IReadOnlyDictionary<string, string>))
        {
            return new JsonObject { ["type"] = "object", ["additionalProperties"] = new JsonObject { ["type"] = "string" } };
        }

        if (schema["required"] is JsonArray required && schema["properties"] is JsonObject properties)
        {
            foreach (var name in required.Select(name => name!.GetValue<string>()).Where(name => IsNullable(properties[name])).ToList())
            {
                required.Remove(required.First(one => one!.GetValue<string>() == name));
            }

            if (required.Count == 0)
            {
                schema.AsObject().Remove("required");
            }
        }

        return type == typeof(JsonElement) || type == typeof(JsonElement?) ? new JsonObject() : schema;
    }
}
