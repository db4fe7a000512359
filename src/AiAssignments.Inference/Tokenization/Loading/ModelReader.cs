using System.Text.Json;
using AiAssignments.Inference.Tokenization.Models;

namespace AiAssignments.Inference.Tokenization.Loading;

/// <summary>Reads the <c>model</c> of a <c>tokenizer.json</c>.</summary>
internal static class ModelReader
{
    public static ISubwordModel Read(JsonPlace json)
    {
        // Old files do not name the model's type; a BPE has merges.
        var type = json["type"].TryString() ?? (json["merges"].IsNull ? "WordPiece" : "BPE");
        return type switch
        {
            "WordPiece" => WordPiece(json),
            "BPE" => Bpe(json),
            _ => throw TokenizerProblems.Unsupported($"the model {TokenizerProblems.Shorten(type)}", json.Where),
        };
    }

    /// <summary>Reads a vocabulary object: token to id.</summary>
    public static Dictionary<string, int> Vocabulary(JsonPlace json)
    {
        if (!json.IsObject)
        {
            throw json.Wrong("an object of tokens and ids");
        }

        var tokens = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in json.Element.EnumerateObject())
        {
            var id = entry.Value.ValueKind == JsonValueKind.Number && entry.Value.TryGetInt64(out var number) ? number : -1;
            var token = Name(entry, json);
            if (!tokens.TryAdd(token, TokenizerProblems.CheckId(id, token, json.Where)))
            {
                throw TokenizerProblems.Invalid($"The token '{TokenizerProblems.Shorten(token)}' is in the vocabulary twice.", json.Where);
            }
        }

        return tokens.Count > 0 ? tokens : throw TokenizerProblems.Invalid("The vocabulary is empty.", json.Where);
    }

    private static string Name(JsonProperty entry, JsonPlace json)
    {
        try
        {
            return entry.Name;
        }
        catch (InvalidOperationException)
        {
            throw TokenizerProblems.Invalid("A token of the vocabulary has half a surrogate pair.", json.Where);
        }
    }

    private static WordPieceModel WordPiece(JsonPlace json)
    {
        var tokens = Vocabulary(json["vocab"]);
        var unknown = json["unk_token"].TryString() ?? "[UNK]";
        var longest = json["max_input_chars_per_word"];
        return new WordPieceModel(
            tokens,
            IdOf(unknown, tokens, json["unk_token"]),
            json["continuing_subword_prefix"].TryString() ?? "##",
            longest.IsNull ? 100 : longest.AsInt(int.MaxValue));
    }

    private static BpeModel Bpe(JsonPlace json)
    {
        RefuseUnlessEmpty(json["continuing_subword_prefix"]);
        RefuseUnlessEmpty(json["end_of_word_suffix"]);
        if (json["byte_fallback"].AsBool(false))
        {
            throw TokenizerProblems.Unsupported("byte_fallback", json["byte_fallback"].Where);
        }

        var dropout = json["dropout"];
        if (!dropout.IsNull && (dropout.Element.ValueKind != JsonValueKind.Number || dropout.Element.GetDouble() != 0))
        {
            throw TokenizerProblems.Unsupported("dropout, which is for training,", dropout.Where);
        }

        var tokens = Vocabulary(json["vocab"]);
        var unknown = json["unk_token"].TryString();
        var options = new BpeOptions(
            unknown is null ? -1 : IdOf(unknown, tokens, json["unk_token"]), json["fuse_unk"].AsBool(false), json["ignore_merges"].AsBool(false));
        return new BpeModel(tokens, [.. json["merges"].AsArray().Select(merge => MergeReader.Read(Parts(merge), tokens, merge.Where))], options);
    }

    // Older files join the parts with a space, newer ones keep them in an array.
    private static string[] Parts(JsonPlace merge) => merge.IsString ? merge.AsString().Split(' ') : [.. merge.AsArray().Select(part => part.AsString())];

    private static void RefuseUnlessEmpty(JsonPlace json)
    {
        if (!string.IsNullOrEmpty(json.TryString()))
        {
            throw TokenizerProblems.Unsupported(json.Path, json.Where);
        }
    }

    private static int IdOf(string token, Dictionary<string, int> tokens, JsonPlace json) => tokens.TryGetValue(token, out var id)
        ? id
        : throw TokenizerProblems.Invalid($"The vocabulary lacks the unknown token '{TokenizerProblems.Shorten(token)}'.", json.Where);
}
