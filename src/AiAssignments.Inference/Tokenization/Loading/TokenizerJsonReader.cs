using AiAssignments.Inference.Tokenization.PostProcessing;

namespace AiAssignments.Inference.Tokenization.Loading;

/// <summary>Reads Hugging Face's <c>tokenizer.json</c>. Truncation lengths and padding are the caller's business and are not taken from it.</summary>
internal static class TokenizerJsonReader
{
    /// <summary>Reads the file and what else of the folder tells the padding token.</summary>
    public static TokenizerDefinition Read(string path)
    {
        using var document = TokenizerProblems.ReadJson(path);
        var root = new JsonPlace(document.RootElement, path, string.Empty);
        var model = ModelReader.Read(root["model"]);
        var definition = new TokenizerDefinition(model, AddedTokenReader.Read(root["added_tokens"], model))
        {
            Normalizer = NormalizerReader.Read(root["normalizer"]),
            PreTokenizer = PreTokenizerReader.Read(root["pre_tokenizer"]),
            PostProcessor = PostProcessorReader.Read(root["post_processor"]),
            Truncation = ReadTruncation(root["truncation"]),
        };
        var padding = root["padding"]["pad_id"];
        var folder = Path.GetDirectoryName(path) ?? string.Empty;
        return definition with
        {
            PadId = padding.IsNull
                ? SpecialTokenNames.Read(folder).PadIdIn(definition)
                : TokenizerProblems.CheckId(padding.AsInt(int.MaxValue), "pad", padding.Where),
        };
    }

    private static Truncation ReadTruncation(JsonPlace json)
    {
        if (json.IsNull)
        {
            return new Truncation();
        }

        var strategy = json["strategy"].TryString() switch
        {
            null or "LongestFirst" => TruncationStrategy.LongestFirst,
            "OnlyFirst" => TruncationStrategy.OnlyFirst,
            "OnlySecond" => TruncationStrategy.OnlySecond,
            var other => throw TokenizerProblems.Unsupported($"the truncation strategy {TokenizerProblems.Shorten(other)}", json.Where),
        };
        return new Truncation(strategy, json["direction"].TryString() == "Left");
    }
}
