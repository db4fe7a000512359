using AiAssignments.Inference.Tokenization.Text;
using AiAssignments.Inference.Tokenization.Unicode;

namespace AiAssignments.Inference.Tokenization.Normalizers;

/// <summary>Drops combining marks. Composed characters keep theirs unless NFD comes first.</summary>
internal sealed class StripAccentsNormalizer : INormalizer
{
    public void Normalize(AlignedText text, AlignedText scratch) => text.RemoveAll(UnicodeTables.Instance.Flags, CharacterFlags.CombiningMark);
}
