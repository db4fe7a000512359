using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Tokenization.Hashing;
using AiAssignments.Inference.Tokenization.Loading;
using AiAssignments.Inference.Tokenization.Models;

namespace AiAssignments.Inference.Tokenization;

/// <summary>Makes the tokenizer of a model from the files in its folder.</summary>
public static class TokenizerLoader
{
    /// <summary>Reads a tokenizer.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="spec">Which kind of tokenizer it is.</param>
    /// <returns>The tokenizer, thread-safe.</returns>
    /// <exception cref="ProblemException">
    /// <c>tokenizer-kind-unknown</c>, <c>tokenizer-unreadable</c> (a file is missing or cannot be read), <c>tokenizer-invalid</c> (a file breaks its
    /// format), <c>tokenizer-component-unsupported</c> (names the component), <c>tokenizer-max-length</c> (no room beside the special tokens).
    /// </exception>
    public static ITokenizer Load(string folder, TokenizerSpec spec)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(spec);
        if (spec.Kind == "hashed-ngrams")
        {
            return new HashedNGramTokenizer(spec.HashedNGrams ?? throw new ProblemException(
                "tokenizer-invalid", "The card's tokenizer is hashed-ngrams, and its 'hashedNGrams' is missing.", folder));
        }

        var definition = spec.Kind switch
        {
            "huggingface" => TokenizerJsonReader.Read(Path.Combine(folder, "tokenizer.json")),
            "wordpiece" => VocabularyFileReader.ReadWordPiece(folder, spec),
            "bpe" => VocabularyFileReader.ReadBpe(folder),
            _ => throw new ProblemException(
                "tokenizer-kind-unknown", $"The tokenizer kind is '{spec.Kind}'; it must be huggingface, wordpiece, bpe or hashed-ngrams.", folder),
        };
        if (spec.MaxLength <= definition.PostProcessor.SpecialsInSingle)
        {
            throw new ProblemException(
                "tokenizer-max-length",
                $"The longest input is {spec.MaxLength} tokens, of which {definition.PostProcessor.SpecialsInSingle} are special tokens; it must be longer.",
                folder);
        }

        return definition.Model is WordPieceModel ? new WordPieceTokenizer(definition) : new ByteLevelBpeTokenizer(definition);
    }

    /// <summary>Tells from the files of a folder which kind its tokenizer is.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <returns><c>huggingface</c>, <c>wordpiece</c> or <c>bpe</c>; <c>null</c> where no tokenizer's files are there.</returns>
    public static string? DetectKind(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        bool Has(string name) => File.Exists(Path.Combine(folder, name));
        return Has("tokenizer.json") ? "huggingface"
            : Has("vocab.txt") ? "wordpiece"
            : Has("vocab.json") && Has("merges.txt") ? "bpe"
            : null;
    }
}
