using AiAssignments.Inference.Tokenization.PreTokenizers;

namespace AiAssignments.Inference.Tokenization.Loading;

/// <summary>Reads the <c>pre_tokenizer</c> of a <c>tokenizer.json</c>.</summary>
internal static class PreTokenizerReader
{
    public static IPreTokenizer? Read(JsonPlace json) => json.IsNull ? null : json.Type switch
    {
        "BertPreTokenizer" => FlagPreTokenizer.Bert,
        "Whitespace" => FlagPreTokenizer.Whitespace,
        "WhitespaceSplit" => FlagPreTokenizer.WhitespaceSplit,
        "ByteLevel" => new ByteLevelPreTokenizer(json["add_prefix_space"].AsBool(true), json["use_regex"].AsBool(true)),
        "Sequence" => new PreTokenizerSequence([.. json["pretokenizers"].AsArray().Select(Read).OfType<IPreTokenizer>()]),
        var other => throw TokenizerProblems.Unsupported($"the pre-tokenizer {TokenizerProblems.Shorten(other)}", json.Where),
    };
}
