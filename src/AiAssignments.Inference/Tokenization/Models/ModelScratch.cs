namespace AiAssignments.Inference.Tokenization.Models;

/// <summary>Working memory of one thread for one model.</summary>
internal sealed class ModelScratch
{
    public SubToken[] Tokens = new SubToken[64];

    public WordCache Cache { get; } = new();

    public MergeQueue Queue { get; } = new();

    public MergeSymbols Symbols { get; } = new();

    /// <summary>Lets go of what one huge word made grow.</summary>
    public void Trim()
    {
        if (Tokens.Length > 1 << 18)
        {
            Tokens = new SubToken[64];
        }

        Queue.Trim();
        Symbols.Trim();
    }
}
