using AiAssignments.Inference.Tokenization.AddedTokens;
using AiAssignments.Inference.Tokenization.Models;
using AiAssignments.Inference.Tokenization.Normalizers;
using AiAssignments.Inference.Tokenization.PostProcessing;
using AiAssignments.Inference.Tokenization.PreTokenizers;

namespace AiAssignments.Inference.Tokenization;

/// <summary>The parts that make a sub-word tokenizer, whatever files they were read from.</summary>
/// <param name="Model">Cuts words into tokens.</param>
/// <param name="AddedTokens">Tokens found before anything else.</param>
internal sealed record TokenizerDefinition(ISubwordModel Model, IReadOnlyList<AddedToken> AddedTokens)
{
    /// <summary>Changes the text; <c>null</c> for none.</summary>
    public INormalizer? Normalizer { get; init; }

    /// <summary>Cuts the text into words; <c>null</c> for none.</summary>
    public IPreTokenizer? PreTokenizer { get; init; }

    /// <summary>Puts special tokens around.</summary>
    public PostProcessor PostProcessor { get; init; } = PostProcessor.None;

    /// <summary>How long texts are cut.</summary>
    public Truncation Truncation { get; init; } = new();

    /// <summary>Id that fills short rows.</summary>
    public int PadId { get; init; }
}
