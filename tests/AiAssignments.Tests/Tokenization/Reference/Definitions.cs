using AiAssignments.Core.Models;
using AiAssignments.Inference.Tokenization;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Tokenization.Reference;

/// <summary>The small tokenizers in the folder "definitions", made by reference/make-definitions.mjs.</summary>
internal static class Definitions
{
    public static string[] Names { get; } =
    [
        "bert-uncased", "wordpiece-cased", "roberta", "roberta-prefix", "gpt2", "bytes-bert", "bytes-nfc", "bytes-nfd", "bytes-nfkc", "bytes-nfkd",
    ];

    public static string PathOf(string name) =>
        Path.Combine(RepositoryRoot.Path, "tests", "AiAssignments.Tests", "Tokenization", "definitions", name + ".json");

    public static ITokenizer Load(string name) => LoadFile(PathOf(name));

    /// <summary>Loads a tokenizer.json whatever its name.</summary>
    public static ITokenizer LoadFile(string path)
    {
        using var folder = new TemporaryFolder();
        File.Copy(path, folder.File("tokenizer.json"));
        return TokenizerLoader.Load(folder.Path, new TokenizerSpec("huggingface", 512));
    }
}
