namespace AiAssignments.Inference.Tokenization;

/// <summary>Turns text into the ids of a model's input. Thread-safe; the caller owns and reuses the <see cref="Encoding"/>.</summary>
public interface ITokenizer
{
    /// <summary>Id that fills a batch's short rows.</summary>
    int PadId { get; }

    /// <summary>Ids that make one position of the model's output: 1 for sub-word tokenizers; a hashing tagger's tokenizer gives several ids a word.</summary>
    int IdsPerPosition { get; }

    /// <summary>Special tokens that <see cref="Encode"/> adds around a single text, so that windows can be cut to a longest length.</summary>
    int SpecialTokens { get; }

    /// <summary>Special tokens that <see cref="Encode"/> adds around a pair of texts. Default: <see cref="SpecialTokens"/>.</summary>
    int SpecialTokensInPair => SpecialTokens;

    /// <summary>Encodes a text (or a pair) with the template's special tokens, truncated to <paramref name="maxLength"/> ids (longest first for pairs).</summary>
    /// <param name="text">The text.</param>
    /// <param name="pair">The second text; empty and <paramref name="hasPair"/> false for none.</param>
    /// <param name="hasPair">Whether there is a second text.</param>
    /// <param name="maxLength">Longest result in ids, special tokens included.</param>
    /// <param name="encoding">Cleared, then filled.</param>
    void Encode(ReadOnlySpan<char> text, ReadOnlySpan<char> pair, bool hasPair, int maxLength, Encoding encoding);

    /// <summary>Encodes words that were split beforehand (Hugging Face's <c>is_split_into_words</c>), each token's word id being the index of its word; not truncated.</summary>
    /// <param name="words">The words of a sentence.</param>
    /// <param name="encoding">Cleared, then filled.</param>
    void EncodeWords(IReadOnlyList<string> words, Encoding encoding);
}
