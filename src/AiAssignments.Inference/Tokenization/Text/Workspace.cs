using AiAssignments.Inference.Tokenization.Models;

namespace AiAssignments.Inference.Tokenization.Text;

/// <summary>Working memory of one encoding; a tokenizer keeps a few and lends them out.</summary>
internal sealed class Workspace
{
    public ScalarText Source { get; } = new();

    public PieceText Pieces { get; } = new();

    public AlignedText Scratch { get; } = new();

    public List<Piece> Segments { get; } = [];

    public ModelScratch Model { get; } = new();

    /// <summary>Room for one word of ordinary length.</summary>
    public int[] Word { get; } = new int[256];

    public TokenBuffer First { get; } = new();

    public TokenBuffer Second { get; } = new();

    /// <summary>Lets go of what one huge text made grow.</summary>
    public void Trim()
    {
        Source.Trim();
        Pieces.Trim();
        Scratch.Trim();
        Model.Trim();
        First.Trim();
        Second.Trim();
        if (Segments.Capacity > 1 << 18)
        {
            Segments.Clear();
            Segments.TrimExcess();
        }
    }
}
