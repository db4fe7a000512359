namespace AiAssignments.Inference.Tokenization.AddedTokens;

/// <summary>A token that is found in the text before any splitting.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
internal sealed record AddedToken(int Id, string Content)
{
    /// <summary>Only where no word character touches it.</summary>
    public bool SingleWord { get; init; }

    /// <summary>Takes in white space before it.</summary>
    public bool LeftStrip { get; init; }

    /// <summary>Takes in white space after it.</summary>
    public bool RightStrip { get; init; }

    /// <summary>Found in the normalized text, by its own normalized form.</summary>
    public bool Normalized { get; init; }
}
