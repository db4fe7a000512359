using AiAssignments.Inference.Tokenization.Text;

namespace AiAssignments.Inference.Tokenization.Normalizers;

/// <summary>Several normalizers, one after the other.</summary>
internal sealed class NormalizerSequence(IReadOnlyList<INormalizer> normalizers) : INormalizer
{
    public void Normalize(AlignedText text, AlignedText scratch)
    {
        foreach (var normalizer in normalizers)
        {
            normalizer.Normalize(text, scratch);
        }
    }
}
