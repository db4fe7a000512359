namespace AiAssignments.Core.Models;

/// <summary>Which tokenizer a text model uses and from which files of its folder.</summary>
/// <param name="Kind"><c>huggingface</c> (from <c>tokenizer.json</c>), <c>wordpiece</c> (<c>vocab.txt</c>), <c>bpe</c> (<c>vocab.json</c> and <c>merges.txt</c>) or <c>hashed-ngrams</c>.</param>
/// <param name="MaxLength">Longest input in tokens, special tokens included.</param>
/// <param name="Stride">Overlap in tokens of neighbouring windows of a sentence that is too long, for token classification; 0 to half of <paramref name="MaxLength"/>. Default 64 words (or a quarter of <paramref name="MaxLength"/> if less).</param>
/// <param name="Lowercase">For <c>wordpiece</c> without <c>tokenizer.json</c>: lower-case and strip accents. Default from <c>tokenizer_config.json</c>.</param>
/// <param name="HashedNGrams">Set when <paramref name="Kind"/> is <c>hashed-ngrams</c>.</param>
public sealed record TokenizerSpec(string Kind, int MaxLength, int? Stride = null, bool? Lowercase = null, HashedNGramOptions? HashedNGrams = null);
