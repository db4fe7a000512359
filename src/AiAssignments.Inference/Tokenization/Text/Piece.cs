namespace AiAssignments.Inference.Tokenization.Text;

/// <summary>A part of a text that becomes a word, or that is a token already.</summary>
/// <param name="Start">Index of its first code point in the text.</param>
/// <param name="End">Index past its last one.</param>
/// <param name="Token">Id of the added token that it is; -1 for text.</param>
internal readonly record struct Piece(int Start, int End, int Token)
{
    public bool IsToken => Token >= 0;

    public int Length => End - Start;
}
