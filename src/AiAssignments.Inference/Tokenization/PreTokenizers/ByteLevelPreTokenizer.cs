using System.Text;
using AiAssignments.Inference.Tokenization.Text;

namespace AiAssignments.Inference.Tokenization.PreTokenizers;

/// <summary>Cuts a text the way GPT-2 does and writes its UTF-8 bytes as characters of the <see cref="ByteLevelAlphabet"/>.</summary>
/// <param name="addPrefixSpace">Put a space before a piece that does not start with one.</param>
/// <param name="useRegex">Cut; otherwise each piece stays whole.</param>
internal sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex) : IPreTokenizer
{
    public void Split(PieceText pieces)
    {
        foreach (var piece in pieces.Pieces)
        {
            if (piece.IsToken)
            {
                var start = pieces.NextText.Count;
                pieces.NextText.Append(pieces.Text, piece.Start, piece.Length);
                pieces.Next(start, pieces.NextText.Count, piece.Token);
            }
            else
            {
                Split(pieces, piece);
            }
        }

        pieces.TakeTextAndPieces();
    }

    private void Split(PieceText pieces, Piece piece)
    {
        var points = pieces.Text.CodePoints[piece.Start..piece.End];
        var next = pieces.NextText;

        // A prefix space belongs to the first character, as inserted ones do.
        var prefix = addPrefixSpace && points[0] != ' ';
        var at = 0;
        if (prefix)
        {
            var wordStart = next.Count;
            next.Add(ByteLevelAlphabet.Space, pieces.Text.Starts[piece.Start], pieces.Text.Ends[piece.Start]);
            at = useRegex ? Gpt2Splitter.NextAfterSpace(points) : points.Length;
            AppendBytes(pieces, piece.Start, piece.Start + at);
            pieces.Next(wordStart, next.Count);
        }

        while (at < points.Length)
        {
            var wordStart = next.Count;
            var end = useRegex ? Gpt2Splitter.Next(points, at) : points.Length;
            AppendBytes(pieces, piece.Start + at, piece.Start + end);
            pieces.Next(wordStart, next.Count);
            at = end;
        }
    }

    private static void AppendBytes(PieceText pieces, int from, int to)
    {
        var text = pieces.Text;
        var next = pieces.NextText;
        var alphabet = ByteLevelAlphabet.Characters;
        var points = text.CodePoints;
        var starts = text.Starts;
        var ends = text.Ends;
        Span<byte> bytes = stackalloc byte[4];
        for (var i = from; i < to; i++)
        {
            if (points[i] < 0x80)
            {
                next.Add(alphabet[points[i]], starts[i], ends[i]);
                continue;
            }

            var count = new Rune(points[i]).EncodeToUtf8(bytes);
            for (var b = 0; b < count; b++)
            {
                next.Add(alphabet[bytes[b]], starts[i], ends[i]);
            }
        }
    }
}
