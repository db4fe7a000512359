using AiAssignments.Inference.Tokenization.Text;

namespace AiAssignments.Inference.Tokenization.PreTokenizers;

/// <summary>Several pre-tokenizers, one after the other.</summary>
internal sealed class PreTokenizerSequence(IReadOnlyList<IPreTokenizer> preTokenizers) : IPreTokenizer
{
    public void Split(PieceText pieces)
    {
        foreach (var preTokenizer in preTokenizers)
        {
            preTokenizer.Split(pieces);
        }
    }
}
