using AiAssignments.Inference.Tokenization.Text;

namespace AiAssignments.Inference.Tokenization.PreTokenizers;

/// <summary>Cuts a text into words. Thread-safe: all state is in the argument.</summary>
internal interface IPreTokenizer
{
    /// <summary>Cuts each piece that is not a token further.</summary>
    void Split(PieceText pieces);
}
