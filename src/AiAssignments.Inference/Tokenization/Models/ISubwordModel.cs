namespace AiAssignments.Inference.Tokenization.Models;

/// <summary>Cuts a word into tokens of a vocabulary. Thread-safe: all state is in the scratch.</summary>
internal interface ISubwordModel
{
    /// <summary>Number of entries of the vocabulary.</summary>
    int Count { get; }

    /// <summary>Id of a token, or -1.</summary>
    int IdOf(string token);

    /// <summary>The texts of the tokens with their ids.</summary>
    IEnumerable<KeyValuePair<string, int>> Entries { get; }

    /// <summary>Cuts a word that is not empty.</summary>
    /// <param name="word">Its code points.</param>
    /// <param name="scratch">Working memory.</param>
    /// <returns>Its tokens, valid until the next call with the same scratch.</returns>
    ReadOnlySpan<SubToken> Segment(ReadOnlySpan<int> word, ModelScratch scratch);
}
