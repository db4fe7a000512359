namespace AiAssignments.Inference.Tokenization.Loading;

/// <summary>Reads one merge of a byte-pair encoding.</summary>
internal static class MergeReader
{
    /// <summary>Ids of the two parts and of the whole.</summary>
    public static (int Left, int Right, int Merged) Read(string[] parts, Dictionary<string, int> tokens, string where) => parts is [var left, var right]
        ? (IdOf(left, tokens, where), IdOf(right, tokens, where), IdOf(left + right, tokens, where))
        : throw TokenizerProblems.Invalid($"A merge has two parts; found {parts.Length}.", where);

    private static int IdOf(string token, Dictionary<string, int> tokens, string where) => tokens.TryGetValue(token, out var id)
        ? id
        : throw TokenizerProblems.Invalid($"A merge needs the token '{TokenizerProblems.Shorten(token)}', which the vocabulary lacks.", where);
}
