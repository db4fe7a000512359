namespace AiAssignments.Evaluation.Datasets.Conll;

/// <summary>The form of a chunk tag: <c>O</c>, or a prefix, a hyphen and a type (<c>B-PER</c>).</summary>
internal static class TagSyntax
{
    /// <summary>Whether a tag is well formed.</summary>
    public static bool IsValid(ReadOnlySpan<byte> tag) => tag switch
    {
        [(byte)'O'] => true,
        [(byte)'B' or (byte)'I' or (byte)'E' or (byte)'S', (byte)'-', _, ..] => true,
        _ => false,
    };
}
