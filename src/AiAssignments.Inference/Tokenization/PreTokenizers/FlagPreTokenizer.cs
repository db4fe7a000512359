using AiAssignments.Inference.Tokenization.Text;
using AiAssignments.Inference.Tokenization.Unicode;

namespace AiAssignments.Inference.Tokenization.PreTokenizers;

/// <summary>Cuts at characters of some kinds.</summary>
/// <param name="dropped">Characters that separate words and are dropped.</param>
/// <param name="alone">Characters that are words of their own.</param>
/// <param name="word">Characters that never share a word with those that lack the flag; none for no such border.</param>
internal sealed class FlagPreTokenizer(CharacterFlags dropped, CharacterFlags alone, CharacterFlags word) : IPreTokenizer
{
    /// <summary>BERT: white space separates, punctuation stands alone.</summary>
    public static FlagPreTokenizer Bert { get; } = new(CharacterFlags.WhiteSpace, CharacterFlags.BertPunctuation, CharacterFlags.None);

    /// <summary>White space separates.</summary>
    public static FlagPreTokenizer WhitespaceSplit { get; } = new(CharacterFlags.WhiteSpace, CharacterFlags.None, CharacterFlags.None);

    /// <summary>Runs of word characters and runs of what is neither word nor space: <c>\w+|[^\w\s]+</c>.</summary>
    public static FlagPreTokenizer Whitespace { get; } = new(CharacterFlags.WordSpace, CharacterFlags.None, CharacterFlags.Word);

    public void Split(PieceText pieces)
    {
        foreach (var piece in pieces.Pieces)
        {
            if (piece.IsToken)
            {
                pieces.Next(piece.Start, piece.End, piece.Token);
            }
            else
            {
                Split(pieces, piece);
            }
        }

        pieces.TakePieces();
    }

    private void Split(PieceText pieces, Piece piece)
    {
        var tables = UnicodeTables.Instance;
        var points = pieces.Text.CodePoints;
        var start = piece.Start;
        var kind = CharacterFlags.None;
        for (var i = piece.Start; i < piece.End; i++)
        {
            var flags = tables[points[i]];
            if ((flags & (dropped | alone)) != 0)
            {
                pieces.Next(start, i);
                start = i + 1;
                if ((flags & dropped) == 0)
                {
                    pieces.Next(i, i + 1);
                }
            }
            else if ((flags & word) != kind)
            {
                pieces.Next(start, i);
                start = i;
            }

            kind = flags & word;
        }

        pieces.Next(start, piece.End);
    }
}
