using AiAssignments.Inference.Tokenization.Normalizers;
using AiAssignments.Inference.Tokenization.Text;
using AiAssignments.Inference.Tokenization.Unicode;

namespace AiAssignments.Inference.Tokenization.Loading;

/// <summary>Reads the <c>normalizer</c> of a <c>tokenizer.json</c>.</summary>
internal static class NormalizerReader
{
    public static INormalizer? Read(JsonPlace json) => json.IsNull ? null : json.Type switch
    {
        "BertNormalizer" => Bert(json),
        "Sequence" => new NormalizerSequence([.. json["normalizers"].AsArray().Select(Read).OfType<INormalizer>()]),
        "NFC" => new UnicodeNormalizer(UnicodeForm.Nfc),
        "NFD" => new UnicodeNormalizer(UnicodeForm.Nfd),
        "NFKC" => new UnicodeNormalizer(UnicodeForm.Nfkc),
        "NFKD" => new UnicodeNormalizer(UnicodeForm.Nfkd),
        "Lowercase" => new LowercaseNormalizer(),
        "StripAccents" => new StripAccentsNormalizer(),
        "Strip" => new StripNormalizer(json["strip_left"].AsBool(true), json["strip_right"].AsBool(true)),
        "Replace" => Replace(json),
        var other => throw TokenizerProblems.Unsupported($"the normalizer {TokenizerProblems.Shorten(other)}", json.Where),
    };

    private static BertNormalizer Bert(JsonPlace json)
    {
        var lowercase = json["lowercase"].AsBool(true);
        return new BertNormalizer(
            json["clean_text"].AsBool(true), json["handle_chinese_chars"].AsBool(true), json["strip_accents"].AsBool(lowercase), lowercase);
    }

    private static ReplaceNormalizer Replace(JsonPlace json)
    {
        var pattern = json["pattern"]["String"].TryString();
        return string.IsNullOrEmpty(pattern)
            ? throw TokenizerProblems.Unsupported("the normalizer Replace with a regular expression or an empty pattern", json.Where)
            : new ReplaceNormalizer(ScalarText.Of(pattern), ScalarText.Of(json["content"].AsString()));
    }
}
