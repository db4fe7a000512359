using AiAssignments.Inference.Tokenization.Text;

namespace AiAssignments.Inference.Tokenization.Normalizers;

/// <summary>Changes a text before it is split. Thread-safe: all state is in the arguments.</summary>
internal interface INormalizer
{
    /// <summary>Changes <paramref name="text"/> in place.</summary>
    /// <param name="text">The text.</param>
    /// <param name="scratch">Empty, for the normalizer's use; left empty.</param>
    void Normalize(AlignedText text, AlignedText scratch);
}
