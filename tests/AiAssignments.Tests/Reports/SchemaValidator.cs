using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiAssignments.Tests.Reports;

/// <summary>Validates against the part of JSON Schema 2020-12 that our schemas use; a keyword it does not know is an error, not a pass.</summary>
internal sealed class SchemaValidator(JsonObject root)
{
    public List<string> Validate(JsonNode? value)
    {
        var errors = new List<string>();
        Check(root, value, "$", errors);
        return errors;
    }

    private void Check(JsonNode? schema, JsonNode? value, string path, List<string> errors)
    {
        if (schema is JsonValue allowed)
        {
            if (!allowed.GetValue<bool>())
            {
                errors.Add($"{path}: nothing is allowed here");
            }

            return;
        }

        foreach (var (keyword, argument) in schema!.AsObject())
        {
            switch (keyword)
            {
                case "$schema" or "title" or "description" or "default" or "format":
                    break;
                case "$ref":
                    Check(Resolve(argument!.GetValue<string>()), value, path, errors);
                    break;
                case "type":
                    var types = argument is JsonArray list ? list.Select(item => item!.GetValue<string>()) : [argument!.GetValue<string>()];
                    if (!types.Any(type => Is(value, type)))
                    {
                        errors.Add($"{path}: is no {argument}");
                    }

                    break;
                case "enum":
                    if (!argument!.AsArray().Any(item => JsonNode.DeepEquals(item, value)))
                    {
                        errors.Add($"{path}: is none of {argument.ToJsonString()}");
                    }

                    break;
                case "minLength" or "maxLength" when value?.GetValueKind() == JsonValueKind.String:
                    var (length, limit) = (value!.GetValue<string>().Length, argument!.GetValue<int>());
                    if (keyword == "minLength" ? length < limit : length > limit)
                    {
                        errors.Add($"{path}: has {length} characters");
                    }

                    break;
                case "properties" when value is JsonObject map:
                    foreach (var (name, property) in argument!.AsObject())
                    {
                        if (map.TryGetPropertyValue(name, out var item))
                        {
                            Check(property, item, $"{path}.{name}", errors);
                        }
                    }

                    break;
                case "required" when value is JsonObject map:
                    errors.AddRange(argument!.AsArray().Where(name => !map.ContainsKey(name!.GetValue<string>())).Select(name => $"{path}: lacks {name}"));
                    break;
                case "additionalProperties" when value is JsonObject map:
                    var known = schema["properties"]?.AsObject();
                    foreach (var (name, item) in map.Where(property => known?.ContainsKey(property.Key) != true))
                    {
                        Check(argument, item, $"{path}.{name}", errors);
                    }

                    break;
                case "items" when value is JsonArray array:
                    for (var i = 0; i < array.Count; i++)
                    {
                        Check(argument, array[i], $"{path}[{i}]", errors);
                    }

                    break;
                case "properties" or "required" or "additionalProperties" or "items" or "minLength" or "maxLength":
                    break;
                default:
                    errors.Add($"{path}: the validator does not know '{keyword}'");
                    break;
            }
        }
    }

    private JsonNode? Resolve(string pointer)
    {
        JsonNode? node = root;
        foreach (var part in pointer.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            node = node is JsonArray array ? array[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)] : node![part];
        }

        return node;
    }

    private static bool Is(JsonNode? value, string type) => (value?.GetValueKind() ?? JsonValueKind.Null, type) switch
    {
        (JsonValueKind.Null, "null") => true,
        (JsonValueKind.Object, "object") or (JsonValueKind.Array, "array") or (JsonValueKind.String, "string") or (JsonValueKind.Number, "number") => true,
        (JsonValueKind.True or JsonValueKind.False, "boolean") => true,
        (JsonValueKind.Number, "integer") => !value!.ToJsonString().AsSpan().ContainsAny('.', 'e', 'E'),
        _ => false,
    };
}
