using AiAssignments.Inference.Tokenization.AddedTokens;
using AiAssignments.Inference.Tokenization.Models;

namespace AiAssignments.Inference.Tokenization.Loading;

/// <summary>Reads <c>added_tokens</c> and gives them the ids that the reference gives them.</summary>
internal static class AddedTokenReader
{
    /// <summary>Reads an array of tokens.</summary>
    public static IReadOnlyList<AddedToken> Read(JsonPlace json, ISubwordModel model) =>
        json.IsNull ? [] : Number([.. json.AsArray().Select(ReadOne)], model);

    /// <summary>Reads one token; its id is what the file says.</summary>
    public static AddedToken ReadOne(JsonPlace json) => Flags(json, TokenizerProblems.CheckId(json["id"].AsInt(int.MaxValue), json["content"].AsString(), json.Where));

    /// <summary>Reads the text and flags of a token whose id is known.</summary>
    public static AddedToken Flags(JsonPlace json, int id) => new(id, json["content"].AsString())
    {
        SingleWord = json["single_word"].AsBool(false),
        LeftStrip = json["lstrip"].AsBool(false),
        RightStrip = json["rstrip"].AsBool(false),
        Normalized = json["normalized"].AsBool(!json["special"].AsBool(false)),
    };

    /// <summary>
    /// A token that the vocabulary has keeps the vocabulary's id; the others are numbered on from the vocabulary's size in their order.
    /// A later token of the same text replaces an earlier one.
    /// </summary>
    public static IReadOnlyList<AddedToken> Number(IReadOnlyList<AddedToken> tokens, ISubwordModel model)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var numbered = new Dictionary<int, AddedToken>();
        var next = model.Count;
        foreach (var token in tokens.Where(token => token.Content.Length > 0))
        {
            if (!ids.TryGetValue(token.Content, out var id))
            {
                id = model.IdOf(token.Content);
                id = id >= 0 ? id : next++;
                ids.Add(token.Content, id);
            }

            numbered[id] = token with { Id = id };
        }

        return [.. numbered.Values];
    }
}
