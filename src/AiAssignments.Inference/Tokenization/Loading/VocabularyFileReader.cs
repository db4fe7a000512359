using AiAssignments.Core.Models;
using AiAssignments.Inference.Tokenization.AddedTokens;
using AiAssignments.Inference.Tokenization.Models;
using AiAssignments.Inference.Tokenization.Normalizers;
using AiAssignments.Inference.Tokenization.PostProcessing;
using AiAssignments.Inference.Tokenization.PreTokenizers;

namespace AiAssignments.Inference.Tokenization.Loading;

/// <summary>Reads tokenizers from their vocabulary files, put together the way Hugging Face's Python library converts them.</summary>
internal static class VocabularyFileReader
{
    /// <summary>BERT from <c>vocab.txt</c>: a token a line, its id being the line's index.</summary>
    public static TokenizerDefinition ReadWordPiece(string folder, TokenizerSpec spec)
    {
        var path = Path.Combine(folder, "vocab.txt");
        var tokens = ReadLines(path);
        var names = SpecialTokenNames.Read(folder);
        var unknown = names["unk_token", "[UNK]"];
        if (!tokens.TryGetValue(unknown, out var unknownId))
        {
            throw TokenizerProblems.Invalid($"The vocabulary lacks the unknown token '{TokenizerProblems.Shorten(unknown)}'.", path);
        }

        var model = new WordPieceModel(tokens, unknownId, "##", 100);
        var lowercase = spec.Lowercase ?? names.Switch("do_lower_case") ?? true;
        string[] specials = [unknown, names["sep_token", "[SEP]"], names["pad_token", "[PAD]"], names["cls_token", "[CLS]"], names["mask_token", "[MASK]"]];
        var added = Specials(specials, names, tokens);
        return Finish(names, new TokenizerDefinition(model, AddedTokenReader.Number(added, model))
        {
            Normalizer = new BertNormalizer(true, names.Switch("tokenize_chinese_chars") ?? true, names.Switch("strip_accents") ?? lowercase, lowercase),
            PreTokenizer = FlagPreTokenizer.Bert,
            PostProcessor = PostProcessor.Bert(Required(specials[3], tokens, path), Required(specials[1], tokens, path)),
        });
    }

    /// <summary>RoBERTa or GPT-2 from <c>vocab.json</c> and <c>merges.txt</c>; the first where <c>&lt;s&gt;</c> and <c>&lt;/s&gt;</c> are in the vocabulary.</summary>
    public static TokenizerDefinition ReadBpe(string folder)
    {
        var path = Path.Combine(folder, "vocab.json");
        using var document = TokenizerProblems.ReadJson(path);
        var tokens = ModelReader.Vocabulary(new JsonPlace(document.RootElement, path, string.Empty));
        var names = SpecialTokenNames.Read(folder);
        var model = new BpeModel(tokens, ReadMerges(Path.Combine(folder, "merges.txt"), tokens), new BpeOptions(-1, false, false));
        var prefix = names.Switch("add_prefix_space") ?? false;
        var preTokenizer = new ByteLevelPreTokenizer(prefix, true);
        var (cls, sep) = (names["cls_token", "<s>"], names["sep_token", "</s>"]);
        if (names.TokenizerClass.StartsWith("GPT2", StringComparison.Ordinal) || !tokens.TryGetValue(cls, out var clsId) || !tokens.TryGetValue(sep, out var sepId))
        {
            var end = Specials([names["unk_token", "<|endoftext|>"], names["eos_token", "<|endoftext|>"]], names, tokens);
            return Finish(names, new TokenizerDefinition(model, AddedTokenReader.Number(end, model)) { PreTokenizer = preTokenizer });
        }

        var mask = names["mask_token", "<mask>"];
        string[] specials = [cls, names["pad_token", "<pad>"], sep, names["unk_token", "<unk>"], mask];
        var added = Specials(specials, names, tokens).ConvertAll(token => names.Added.Count == 0 && token.Content == mask ? token with { LeftStrip = true } : token);
        return Finish(names, new TokenizerDefinition(model, AddedTokenReader.Number(added, model))
        {
            PreTokenizer = preTokenizer,
            PostProcessor = PostProcessor.Roberta(clsId, sepId, true, prefix),
        });
    }

    private static TokenizerDefinition Finish(SpecialTokenNames names, TokenizerDefinition definition) =>
        definition with { PadId = names.PadIdIn(definition) };

    // What the configuration lists counts; without a list, the special tokens that the vocabulary has.
    private static List<AddedToken> Specials(IEnumerable<string> specials, SpecialTokenNames names, Dictionary<string, int> tokens) => names.Added.Count > 0
        ? [.. names.Added.OrderBy(token => token.Id)]
        : [.. specials.Distinct().Where(tokens.ContainsKey).Select(token => new AddedToken(tokens[token], token))];

    private static int Required(string token, Dictionary<string, int> tokens, string path) => tokens.TryGetValue(token, out var id)
        ? id
        : throw TokenizerProblems.Invalid($"The vocabulary lacks the special token '{TokenizerProblems.Shorten(token)}'.", path);

    private static Dictionary<string, int> ReadLines(string path)
    {
        var tokens = new Dictionary<string, int>(StringComparer.Ordinal);
        var lines = TokenizerProblems.ReadText(path).Split('\n');
        var count = lines[^1].Length == 0 ? lines.Length - 1 : lines.Length;
        for (var id = 0; id < count; id++)
        {
            // A token that comes twice has the id of its last line, as in the reference.
            tokens[lines[id].TrimEnd()] = TokenizerProblems.CheckId(id, lines[id], path);
        }

        return tokens.Count > 0 ? tokens : throw TokenizerProblems.Invalid("The vocabulary is empty.", path);
    }

    private static List<(int Left, int Right, int Merged)> ReadMerges(string path, Dictionary<string, int> tokens)
    {
        var merges = new List<(int Left, int Right, int Merged)>();
        var number = 0;
        foreach (var raw in TokenizerProblems.ReadText(path).Split('\n'))
        {
            number++;
            var line = raw.TrimEnd('\r');
            if (line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal))
            {
                merges.Add(MergeReader.Read(line.Split(' '), tokens, $"{path}, line {number}"));
            }
        }

        return merges;
    }
}
