using AiAssignments.Core.Errors;

namespace AiAssignments.Inference.Models;

/// <summary>Recognizes a tokenizer by the files of a folder.</summary>
internal static class TokenizerFiles
{
    /// <summary>The kind, in the words of <see cref="Core.Models.TokenizerSpec"/>; <c>null</c> when there is none.</summary>
    public static string? KindIn(string folder)
    {
        bool Has(string name) => File.Exists(Path.Combine(folder, name));
        return Has("tokenizer.json") ? "huggingface" : Has("vocab.txt") ? "wordpiece" : Has("vocab.json") && Has("merges.txt") ? "bpe" : null;
    }

    public static string NeedKind(string folder) =>
        KindIn(folder) ?? throw new ProblemException("tokenizer-missing", "A text model needs tokenizer.json, vocab.txt, or vocab.json with merges.txt; none is here.", folder);
}
