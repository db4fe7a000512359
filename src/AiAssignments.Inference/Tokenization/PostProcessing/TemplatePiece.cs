namespace AiAssignments.Inference.Tokenization.PostProcessing;

/// <summary>A part of a template: one of the two texts, or special tokens.</summary>
/// <param name="Sequence">0 for the first text, 1 for the second, -1 for special tokens.</param>
/// <param name="SpecialIds">Ids of the special tokens.</param>
/// <param name="TypeId">Type id of all its tokens.</param>
internal sealed record TemplatePiece(int Sequence, int[] SpecialIds, int TypeId)
{
    public static TemplatePiece Text(int sequence, int typeId) => new(sequence, [], typeId);

    public static TemplatePiece Special(int id, int typeId) => new(-1, [id], typeId);
}
