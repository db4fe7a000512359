using System.Text.Json;

namespace AiAssignments.Inference.Tokenization.Loading;

/// <summary>The names of special tokens and other settings in <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c>.</summary>
internal sealed class SpecialTokenNames
{
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> switches = new(StringComparer.Ordinal);

    /// <summary>Class of the tokenizer in Hugging Face's Python library, without <c>Fast</c>; empty if unknown.</summary>
    public string TokenizerClass { get; private set; } = string.Empty;

    /// <summary>Tokens by id as <c>added_tokens_decoder</c> lists them.</summary>
    public List<AddedTokens.AddedToken> Added { get; } = [];

    /// <summary>Reads the files that are there.</summary>
    public static SpecialTokenNames Read(string folder)
    {
        var result = new SpecialTokenNames();
        foreach (var name in new[] { "special_tokens_map.json", "tokenizer_config.json" })
        {
            var path = Path.Combine(folder, name);
            if (File.Exists(path))
            {
                using var document = TokenizerProblems.ReadJson(path);
                result.Take(new JsonPlace(document.RootElement, path, string.Empty));
            }
        }

        return result;
    }

    /// <summary>Name of a token such as <c>cls_token</c>, or the usual one.</summary>
    public string this[string role, string usual] => names.GetValueOrDefault(role, usual);

    /// <summary>A switch such as <c>do_lower_case</c>; <c>null</c> where it is absent or null.</summary>
    public bool? Switch(string name) => switches.TryGetValue(name, out var value) ? value : null;

    /// <summary>Id of the padding token; 0 where a tokenizer has none, as then no model reads it.</summary>
    public int PadIdIn(TokenizerDefinition definition)
    {
        string[] candidates = names.TryGetValue("pad_token", out var named) ? [named] : ["[PAD]", "<pad>", "<|endoftext|>"];
        foreach (var candidate in candidates)
        {
            var id = definition.Model.IdOf(candidate);
            id = id >= 0 ? id : definition.AddedTokens.FirstOrDefault(token => token.Content == candidate)?.Id ?? -1;
            if (id >= 0)
            {
                return id;
            }
        }

        return 0;
    }

    private void Take(JsonPlace json)
    {
        foreach (var property in json.Element.EnumerateObject())
        {
            var place = json[property.Name];
            if (property.Value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            {
                switches[property.Name] = property.Value.GetBoolean();
            }
            else if (property.Name.EndsWith("_token", StringComparison.Ordinal) && !place.IsNull)
            {
                names[property.Name] = place.IsObject ? place["content"].AsString() : place.AsString();
            }
        }

        var tokenizerClass = json["tokenizer_class"];
        if (tokenizerClass.IsString)
        {
            TokenizerClass = tokenizerClass.AsString().Replace("Fast", string.Empty, StringComparison.Ordinal);
        }

        var decoder = json["added_tokens_decoder"];
        if (decoder.IsObject)
        {
            foreach (var property in decoder.Element.EnumerateObject())
            {
                var id = int.TryParse(property.Name, out var number) ? number : -1;
                Added.Add(AddedTokenReader.Flags(decoder[property.Name], TokenizerProblems.CheckId(id, property.Name, decoder.Where)));
            }
        }
    }
}
