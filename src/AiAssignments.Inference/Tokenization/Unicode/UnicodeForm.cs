namespace AiAssignments.Inference.Tokenization.Unicode;

/// <summary>A normalization form of Unicode Standard Annex 15.</summary>
internal enum UnicodeForm
{
    Nfc,
    Nfd,
    Nfkc,
    Nfkd,
}
