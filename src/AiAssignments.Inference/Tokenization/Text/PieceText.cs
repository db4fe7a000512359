namespace AiAssignments.Inference.Tokenization.Text;

/// <summary>A text cut into pieces. Splitters replace the pieces, or both the text and the pieces.</summary>
internal sealed class PieceText
{
    private AlignedText nextText = new();
    private List<Piece> nextPieces = [];

    public AlignedText Text { get; private set; } = new();

    public List<Piece> Pieces { get; private set; } = [];

    /// <summary>Empty text that a splitter fills when it rewrites the text.</summary>
    public AlignedText NextText => nextText;

    /// <summary>Empties both.</summary>
    public void Clear()
    {
        Text.Clear();
        Pieces.Clear();
        nextText.Clear();
        nextPieces.Clear();
    }

    /// <summary>Adds a piece of the next cut; empty ones are dropped, as they can hold no token.</summary>
    public void Next(int start, int end, int token = -1)
    {
        if (start < end)
        {
            nextPieces.Add(new Piece(start, end, token));
        }
    }

    /// <summary>Makes the next pieces the current ones.</summary>
    public void TakePieces()
    {
        (Pieces, nextPieces) = (nextPieces, Pieces);
        nextPieces.Clear();
    }

    /// <summary>Makes the next text and pieces the current ones.</summary>
    public void TakeTextAndPieces()
    {
        (Text, nextText) = (nextText, Text);
        nextText.Clear();
        TakePieces();
    }

    /// <summary>Lets go of what one huge text made grow.</summary>
    public void Trim()
    {
        Text.Trim();
        nextText.Trim();
        if (Pieces.Capacity > 1 << 18 || nextPieces.Capacity > 1 << 18)
        {
            Pieces = [];
            nextPieces = [];
        }
    }
}
