namespace AiAssignments.Onnx.Shapes;

/// <summary>Sizes of a BERT-shaped encoder (Devlin et al. 2018, section 3).</summary>
/// <param name="Layers">Encoder layers.</param>
/// <param name="Hidden">Width; a multiple of <paramref name="Heads"/>.</param>
/// <param name="Heads">Attention heads.</param>
/// <param name="Intermediate">Width of the feed-forward part; usually four times <paramref name="Hidden"/>.</param>
/// <param name="Vocabulary">Token ids.</param>
/// <param name="MaxPositions">Longest sequence.</param>
/// <param name="Labels">Outputs.</param>
/// <param name="PerToken"><c>false</c>: one row of logits a text (from the first token); <c>true</c>: one row a token.</param>
public sealed record BertOptions(
    int Layers = 4,
    int Hidden = 256,
    int Heads = 4,
    int Intermediate = 1024,
    int Vocabulary = 30522,
    int MaxPositions = 512,
    int Labels = 2,
    bool PerToken = false);
